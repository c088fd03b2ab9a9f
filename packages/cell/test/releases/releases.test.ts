import { beforeAll, describe, expect, it } from '@jest/globals';
import { RELEASES } from '../demo-parent/releases.js';
import { type ReleaseResult, runReleases } from './run-release.js';
import { differencesOf, tableOf } from './table.js';

const ALL_MS = 600_000;

describe('every verb, as the parents of twelve releases send it', () => {
  let results: readonly ReleaseResult[];

  beforeAll(async () => {
    results = await runReleases(RELEASES);
  }, ALL_MS);

  it.each(RELEASES)('ends as the support matrix says for a %s parent, which has nothing to complain about', (release) => {
    const [result] = results.filter((each) => each.release === release);

    expect(result?.violations).toEqual([]);
    expect(result === undefined ? 'not run' : differencesOf(result)).toEqual([]);
  });

  it('leaves no cell of the table blank', () => {
    const cells = tableOf(results).rows.flat();

    expect(results).toHaveLength(RELEASES.length);
    expect(cells.filter((cell) => !/^[a-z]/.test(cell))).toEqual([]);
  });
});
