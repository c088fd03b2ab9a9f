import { expect } from '@jest/globals';
import { type Bed, refusalOf } from '../bed.js';
import type { Suite } from '../suite.js';
import { passesOnRefusals, refusesAsAll, twiceWithLostReply } from './common.js';

/** Protection: nobody ends the machine by accident. */
export function protectSuite(suite: Suite): void {
  suite.ability('protect', ['protect'], (test) => {
    test('keeps the machine from being ended until it is taken back', {}, async (bed) => {
      const { providerId } = await bed.launchFor('protect');

      await bed.can.protect(providerId, true);
      expect(await refusalOf(bed.provider.terminate(providerId))).toBe('conflict');
      expect(await bed.observed(providerId)).toMatchObject({ state: 'running' });

      await bed.can.protect(providerId, false);
      await endsNow(bed, providerId);
    });

    test('leaves start and stop alone', {}, async (bed) => {
      const { providerId } = await bed.launchFor('protect');
      await bed.can.protect(providerId, true);

      await bed.stop(providerId);
      await bed.provider.start(providerId);

      await bed.settle(providerId, 'running');
    });

    test('is no error when it is as asked for already', {}, async (bed) => {
      const { providerId } = await bed.launchFor('protect');

      await bed.can.protect(providerId, false);
      await bed.can.protect(providerId, true);
      await bed.can.protect(providerId, true);

      expect(await refusalOf(bed.provider.terminate(providerId))).toBe('conflict');
    });

    test('may be repeated when the reply is lost', { needs: ['faults'] }, async (bed) => {
      const { providerId } = await bed.launchFor('protect');

      await twiceWithLostReply(bed, 'protect', () => bed.can.protect(providerId, true));

      expect(await refusalOf(bed.provider.terminate(providerId))).toBe('conflict');
    });

    refusesAsAll(test, 'protect', (bed, providerId, options) => bed.can.protect(providerId, true, options));
    passesOnRefusals(test, 'protect', (bed, providerId) => bed.can.protect(providerId, true));
  });
}

async function endsNow(bed: Bed, providerId: string): Promise<void> {
  await bed.end(providerId);
  expect(await bed.alive()).toEqual([]);
}
