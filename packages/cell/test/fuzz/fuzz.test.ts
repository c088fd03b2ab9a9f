import { describe, expect, it } from '@jest/globals';
import { isBounded } from './bounds.js';
import { fuzz } from './fuzz-run.js';

const SEED = 20_180_830;
const MESSAGES = 1_000;
const RUN_MS = 180_000;

/** `fuzz.js` does the same with a hundred thousand. */
describe('spoilt messages', () => {
  it.each(['grizzly', 'juno', 'rocky'] as const)(
    `of a %s session are each acked, and each that somebody waits for is answered (seed ${SEED})`,
    async (release) => {
      const figures = await fuzz({ release, messages: MESSAGES, seed: SEED });

      expect(figures.accidents).toEqual([]);
      expect(figures).toMatchObject({ acked: MESSAGES, requeued: 0, unsettled: 0, unfinished: 0 });
      expect(figures.rejected).toBeGreaterThan(0);
      expect(figures.queries).toBeGreaterThan(0);
      expect(figures.unanswered).toEqual([]);
      expect(isBounded(figures)).toBe(true);
    },
    RUN_MS,
  );
});
