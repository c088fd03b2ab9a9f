import { expect } from '@jest/globals';
import type { Suite } from '../suite.js';

/** What machines leave behind; how that comes about is each vendor's own, so only what is none is looked at here. */
export function leftoversSuite(suite: Suite): void {
  suite.ability('leftovers', ['leftovers', 'deleteLeftover'], (test) => {
    test('names nothing of a machine that lives, and nothing of one that took all with it', {}, async (bed) => {
      const { providerId } = await bed.launchFor('leftovers');
      expect(await bed.can.leftovers()).toEqual([]);

      await bed.provider.terminate(providerId);

      expect(await bed.can.leftovers()).toEqual([]);
    });

    test('deletes nothing that is not left over, without an error', {}, async (bed) => {
      const { providerId } = await bed.launchFor('leftovers');

      await bed.can.deleteLeftover({ leftoverId: 'unknown', providerId, sizeGb: null });

      expect((await bed.provider.describe([providerId])).get(providerId)?.state).toBe('running');
    });
  });
}
