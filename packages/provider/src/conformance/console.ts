import { expect } from '@jest/globals';
import { refusalOf } from './bed.js';
import type { Suite } from './suite.js';

export function consoleSuite(suite: Suite): void {
  suite.ability('consoleOutput', ['consoleOutput'], (test) => {
    test('answers what a running machine wrote, and when that was taken', {}, async (bed) => {
      const { machine } = await bed.launchRunning();

      const { text, at } = await bed.can.consoleOutput(machine.providerId);

      expect(typeof text).toBe('string');
      expect(at === null || !Number.isNaN(Date.parse(at))).toBe(true);
    });

    test('is no error for a machine that has just been launched', { make: { pace: 'slow' } }, async (bed) => {
      const { machine } = await bed.launchOne();

      expect(typeof (await bed.can.consoleOutput(machine.providerId)).text).toBe('string');
    });

    test('says not-found for an unknown id', {}, async (bed) => {
      expect(await refusalOf(bed.can.consoleOutput(bed.unknownId))).toBe('not-found');
    });
  });
}
