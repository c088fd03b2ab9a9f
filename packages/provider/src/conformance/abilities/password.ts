import { expect } from '@jest/globals';
import { refusalOf } from '../bed.js';
import type { Suite } from '../suite.js';
import { passesOnRefusals, refusesAsAll, refusesUnsent, twiceWithLostReply } from './common.js';

const PASSWORD = 'correct-horse-battery';

export function passwordSuite(suite: Suite): void {
  suite.ability('encryptedPassword', ['encryptedPassword'], (test) => {
    test('answers what can be decrypted, or nothing yet', {}, async (bed) => {
      const { providerId } = await bed.launchFor('encryptedPassword');

      const encrypted = await bed.can.encryptedPassword(providerId);

      expect(encrypted ?? 'null').toMatch(/^[A-Za-z0-9+/]+={0,2}$/);
    });

    refusesUnsent(test, 'encryptedPassword', (bed, providerId, options) => bed.can.encryptedPassword(providerId, options));
  });
  suite.ability('setPassword', ['setPassword'], (test) => {
    test('sets it in a running machine, which runs on', {}, async (bed) => {
      const { providerId } = await bed.launchFor('setPassword');

      await bed.can.setPassword(providerId, PASSWORD);

      expect(await bed.observed(providerId)).toMatchObject({ state: 'running' });
    });

    test('may be repeated when the reply is lost', { needs: ['faults'] }, async (bed) => {
      const { providerId } = await bed.launchFor('setPassword');

      await twiceWithLostReply(bed, 'setPassword', () => bed.can.setPassword(providerId, PASSWORD));

      expect(await bed.observed(providerId)).toMatchObject({ state: 'running' });
    });

    test('says conflict for a stopped machine, which has nobody to tell it', {}, async (bed) => {
      const { providerId } = await bed.launchFor('setPassword');
      await bed.stop(providerId);

      expect(await refusalOf(bed.can.setPassword(providerId, PASSWORD))).toBe('conflict');
    });

    test('never tells the password in a refusal', {}, async (bed) => {
      const refusal: unknown = await bed.can.setPassword(bed.unknownId, PASSWORD).catch((error: unknown) => error);

      expect(refusal).toBeInstanceOf(Error);
      expect(JSON.stringify([refusal, String(refusal), String((refusal as Error).cause)])).not.toContain(PASSWORD);
    });

    refusesAsAll(test, 'setPassword', (bed, providerId, options) => bed.can.setPassword(providerId, PASSWORD, options));
    passesOnRefusals(test, 'setPassword', (bed, providerId) => bed.can.setPassword(providerId, PASSWORD));
  });
}
