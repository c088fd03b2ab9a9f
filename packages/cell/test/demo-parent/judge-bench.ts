import { insertRows } from './boot.js';
import type { JsonObject } from './json.js';
import { Judge } from './judge/judge.js';
import { Questions } from './questions.js';
import type { CellNames } from './read-message.js';
import { dialectOf, type Release } from './releases.js';
import { type InstanceRow, Tables } from './tables.js';

/** A judge with its tables and nothing around it, for tests of the judge itself. */
export function aJudge(release: Release, names: Partial<CellNames> = {}) {
  const dialect = dialectOf(release);
  const tables = new Tables();
  const questions: { uuid: string; failure: boolean }[] = [];
  const own: CellNames = { own: 'api', child: 'ec2', exchange: 'nova', queueBase: 'cells.intercell', ...names };
  const judge: Judge = new Judge({
    dialect,
    names: own,
    tables,
    onAnswer: (uuid, answer, findings) => {
      questions.push({ uuid, failure: answer.failure });
      asked.answer(uuid, answer, findings);
    },
    onQuestion: () => {},
  });
  const asked = new Questions(dialect, judge.violations);
  return { judge, tables, dialect, questions, asked };
}

/** A booted row with this uuid and these columns. */
export function aRow(
  tables: Tables,
  release: Release,
  given: { uuid?: string; columns?: JsonObject; bare?: boolean } = {},
): InstanceRow {
  const dialect = dialectOf(release);
  const [made] = insertRows({ name: 'one' }, dialect, new Tables());
  if (!made) throw new Error('no row was made');
  const row: InstanceRow = { ...made, uuid: given.uuid ?? made.uuid, columns: { ...made.columns, ...given.columns } };
  if (given.bare) row.system_metadata = {};
  tables.instances.set(row.uuid, row);
  return row;
}
