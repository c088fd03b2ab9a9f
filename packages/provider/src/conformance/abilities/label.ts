import { expect } from '@jest/globals';
import { refusalOf } from '../bed.js';
import type { Suite } from '../suite.js';
import { passesOnRefusals, twiceWithLostReply } from './common.js';

/** Longer and more than any vendor takes: EC2 takes 50 tags of 128 and 256 characters. */
const TOO_LONG = 'x'.repeat(1_000);
const TOO_MANY = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`${index} ${TOO_LONG}`, TOO_LONG]));

export function labelSuite(suite: Suite): void {
  suite.ability('label', ['label'], (test) => {
    test('never changes whose the machine is, nor what it does', {}, async (bed) => {
      const { providerId } = await bed.launchFor('label');
      const [before] = await bed.listed();

      await bed.can.label(providerId, { displayName: 'db-1', metadata: { role: 'db', Name: 'x', uuid: 'y' } });

      expect(await bed.listed()).toEqual([before]);
    });

    test('takes what is too long and too much for the vendor, cut to what it takes', {}, async (bed) => {
      const { providerId } = await bed.launchFor('label');

      await bed.can.label(providerId, { displayName: TOO_LONG, metadata: TOO_MANY });

      expect(await bed.listed()).toMatchObject([{ providerId, state: 'running' }]);
    });

    test('takes names and notes in any script, and empty ones', {}, async (bed) => {
      const { providerId } = await bed.launchFor('label');

      await bed.can.label(providerId, { displayName: 'база-1 🐘', metadata: { 'ключ: 1': 'значение', leer: '', zahl: 7 } });
      await bed.can.label(providerId, { displayName: '', metadata: {} });

      expect(await bed.observed(providerId)).toMatchObject({ state: 'running' });
    });

    test('may be repeated when the reply is lost', { needs: ['faults'] }, async (bed) => {
      const { providerId } = await bed.launchFor('label');
      const labels = { displayName: 'db-1', metadata: { role: 'db' } };

      await twiceWithLostReply(bed, 'label', () => bed.can.label(providerId, labels));

      expect(await bed.observed(providerId)).toMatchObject({ state: 'running' });
    });

    test('says not-found for an unknown id', {}, async (bed) => {
      expect(await refusalOf(bed.can.label(bed.unknownId, { displayName: 'x', metadata: {} }))).toBe('not-found');
    });

    passesOnRefusals(test, 'label', (bed, providerId) => bed.can.label(providerId, { displayName: 'x', metadata: {} }));
  });
}
