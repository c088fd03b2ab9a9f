import type { Release } from '@burstcell/wire';
import { verbMatrix } from '../../src/fronts/cells-v1/verb-matrix.js';
import type { Outcome, ReleaseResult } from './run-release.js';

/** A cell of the table that is not as the support matrix says, or not at all. */
export interface Difference {
  readonly verb: string;
  readonly release: Release;
  /** What the matrix says; absent: it has no such row. */
  readonly wanted: string | undefined;
  readonly found: string;
}

const WORDS: Readonly<Record<Outcome['support'], string>> = {
  works: 'works',
  refused: 'refused',
  never: 'the parent never sends it',
  failed: 'FAILED',
};

/** What stands in a cell: one of three sentences, or how it failed. */
export function wordsOf(outcome: Outcome | undefined): string {
  if (outcome === undefined) return 'FAILED: not driven';
  return outcome.why === '' ? WORDS[outcome.support] : `${WORDS[outcome.support]}: ${outcome.why}`;
}

/** Columns as wide as this: twelve of them must fit beside one another. */
const WIDTH = 18;

/** Verbs of the matrix in its order, one column a release. */
export function tableOf(results: readonly ReleaseResult[]): { head: string[]; rows: string[][] } {
  return {
    head: ['verb', ...results.map(({ release }) => release)],
    rows: verbMatrix().map(({ verb }) => [verb, ...results.map(({ outcomes }) => wrapped(wordsOf(outcomes.get(verb))))]),
  };
}

function wrapped(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join('\n');
}

/** Every cell that disagrees with the matrix, from either side. */
export function differencesOf({ release, outcomes }: ReleaseResult): Difference[] {
  const wanted = new Map(verbMatrix().map(({ verb, releases }) => [verb, releases.get(release)]));
  const verbs = [...new Set([...wanted.keys(), ...outcomes.keys()])];
  return verbs
    .filter((verb) => wanted.get(verb) !== outcomes.get(verb)?.support)
    .map((verb) => ({ verb, release, wanted: wanted.get(verb), found: wordsOf(outcomes.get(verb)) }));
}
