import { expect } from '@jest/globals';
import type { Screenshot } from '../../abilities.js';
import { refusalOf } from '../bed.js';
import type { Suite } from '../suite.js';
import { passesOnRefusals, refusesAsAll } from './common.js';

/** How a file of that type begins. */
const BEGINNINGS: Readonly<Record<Screenshot['contentType'], readonly number[]>> = {
  'image/jpeg': [0xff, 0xd8, 0xff],
  'image/png': [0x89, 0x50, 0x4e, 0x47],
};

export function screenshotSuite(suite: Suite): void {
  suite.ability('screenshot', ['screenshot'], (test) => {
    test('is a picture of the type it says, and tells when it was taken', {}, async (bed) => {
      const { providerId } = await bed.launchFor('screenshot');

      const { contentType, image, takenAt } = await bed.can.screenshot(providerId);

      const beginning = BEGINNINGS[contentType];
      expect([...image.subarray(0, beginning.length)]).toEqual(beginning);
      expect(Number.isNaN(Date.parse(takenAt))).toBe(false);
    });

    test('leaves a machine that is woken for it running', {}, async (bed) => {
      const { providerId } = await bed.launchFor('screenshot');

      expect((await bed.can.screenshot(providerId, { wake: true })).image.length).toBeGreaterThan(0);

      expect(await bed.observed(providerId)).toMatchObject({ state: 'running' });
    });

    test('says conflict for a stopped machine', {}, async (bed) => {
      const { providerId } = await bed.launchFor('screenshot');
      await bed.stop(providerId);

      expect(await refusalOf(bed.can.screenshot(providerId))).toBe('conflict');
    });

    refusesAsAll(test, 'screenshot', (bed, providerId, options) => bed.can.screenshot(providerId, options));
    passesOnRefusals(test, 'screenshot', (bed, providerId) => bed.can.screenshot(providerId));
  });
}
