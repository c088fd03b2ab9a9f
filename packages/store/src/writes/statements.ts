import type { Statement } from '../sql-statement.js';
import type { Unit } from '../unit.js';
import type { Write } from '../write.js';
import { kindOf, WRITE_KINDS } from './registry.js';
import { touchInstances } from './touch-instances.js';
import type { WriteContext, WriteKind } from './write-kind.js';

/** The statements that apply all writes of these units, kind by kind in the registry's order. */
export function writeStatements(units: readonly Unit[], context: WriteContext): readonly Statement[] {
  const byKind = new Map<WriteKind, Write[]>();
  for (const unit of units) {
    for (const write of unit.writes) {
      const kind = kindOf(write);
      const list = byKind.get(kind);
      if (list === undefined) byKind.set(kind, [write]);
      else list.push(write);
    }
  }
  const written = WRITE_KINDS.flatMap((kind) => {
    const writes = byKind.get(kind);
    return writes === undefined ? [] : rounds(kind, writes).flatMap((round) => kind.statements(round, context));
  });
  return [...touchInstances(units), ...written];
}

/**
 * Splits writes so that no round has two with the same mark: the second goes into the next round. A round is in the
 * order of marks, so that everybody locks the rows of a table in one order.
 */
function rounds(kind: WriteKind, writes: readonly Write[]): readonly (readonly Write[])[] {
  const { mark } = kind;
  if (mark === undefined) return [writes];
  const seen = new Map<string, number>();
  const made: Marked[][] = [];
  for (const write of writes) {
    const marked = { write, mark: mark(write) };
    const round = seen.get(marked.mark) ?? 0;
    seen.set(marked.mark, round + 1);
    const list = made[round];
    if (list === undefined) made.push([marked]);
    else list.push(marked);
  }
  return made.map((round) => round.sort(byMark).map((marked) => marked.write));
}

interface Marked {
  readonly write: Write;
  readonly mark: string;
}

function byMark(a: Marked, b: Marked): number {
  return a.mark < b.mark ? -1 : a.mark > b.mark ? 1 : 0;
}
