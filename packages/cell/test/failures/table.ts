import type { FailureRow, Seen } from './failure-row.js';
import type { FailureResult } from './run-failures.js';

export const HEAD = ['code', 'kind', 'user sees', 'next offering tried', 'capacity afterwards', 'machines left'];

/** Wide enough to read a sentence, narrow enough for a terminal. */
const WIDTH = 60;

export function tableOf(results: readonly FailureResult[]): string[][] {
  return results.map(({ row, seen }) => {
    if (typeof seen === 'string') return [nameOf(row), row.wanted.kind, wrapped(`FAILED: ${seen}`), '', '', ''];
    const next = seen.isNextTried === null ? '–' : seen.isNextTried ? 'yes' : 'no';
    return [nameOf(row), seen.kind, wrapped(seen.sees), next, seen.capacity, String(seen.machinesLeft)];
  });
}

/** What is not as wanted, a line each; empty when all is. */
export function differencesOf({ row, seen }: FailureResult): readonly string[] {
  if (typeof seen === 'string') return [`${nameOf(row)}: ${seen}`];
  const { wanted } = row;
  const pairs: readonly (readonly [keyof Seen, unknown, boolean])[] = [
    ['kind', wanted.kind, seen.kind === wanted.kind],
    ['sees', wanted.sees, wanted.sees.test(seen.sees)],
    ['isNextTried', wanted.isNextTried, seen.isNextTried === wanted.isNextTried],
    ['capacity', wanted.capacity, seen.capacity === wanted.capacity],
    ['machinesLeft', 0, seen.machinesLeft === 0],
  ];
  return pairs
    .filter(([, , isAsWanted]) => !isAsWanted)
    .map(([key, want]) => `${nameOf(row)}: ${key}: ${seen[key]}, not ${want}`);
}

export function nameOf({ code, text, at, verb, times, when }: FailureRow): string {
  const where = verb === 'boot' ? '' : ` at ${at}, ${verb}`;
  const how = when === 'after' ? ', answer lost' : times === null ? '' : times === 1 ? ', once' : `, ${times} times`;
  return `${code}${text === undefined ? '' : ` "${text}"`}${where}${how}`;
}

function wrapped(text: string): string {
  const lines = [''];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1) ?? '';
    if (last.length + word.length < WIDTH) lines[lines.length - 1] = `${last} ${word}`.trim();
    else lines.push(word);
  }
  return lines.join('\n');
}
