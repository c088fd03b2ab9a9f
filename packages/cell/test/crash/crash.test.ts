import { describe, expect, it } from '@jest/globals';
import { crashRun } from './run.js';

const RUN_MS = 240_000;

describe('a cell whose processes are killed at random', () => {
  it(
    'loses no server, starts none twice, and leaves none stuck',
    async () => {
      const lines: string[] = [];

      const result = await crashRun({ boots: 30, kills: 4, replicas: 2, seed: 20_131, say: (line) => lines.push(line) });

      expect({ ...result, lines }).toMatchObject({
        lost: 0,
        doubled: 0,
        stuck: 0,
        orphans: 0,
        differing: 0,
        ghosts: 0,
        violations: 0,
      });
      expect(result.boots).toBe(30);
    },
    RUN_MS,
  );
});
