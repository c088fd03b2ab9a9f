import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { expect } from '@jest/globals';
import { kindOf } from '../../errors.js';
import { type Bed, refusalOf } from '../bed.js';
import type { Suite } from '../suite.js';
import { passesOnRefusals, refusesAsAll } from './common.js';

export function serialSuite(suite: Suite): void {
  suite.ability('openSerial', ['openSerial'], (test) => {
    test('carries what the machine says to whoever types', {}, async (bed) => {
      const { providerId } = await bed.launchFor('openSerial');
      const serial = await bed.can.openSerial(providerId);

      serial.write('\r\n');

      expect(await somethingOf(serial)).not.toBe('');
      await ended(serial);
    });

    test('can be opened again once it was left', {}, async (bed) => {
      const { providerId } = await bed.launchFor('openSerial');
      await ended(await bed.can.openSerial(providerId));

      await ended(await reopened(bed, providerId));

      expect(await bed.observed(providerId)).toMatchObject({ state: 'running' });
    });

    test('says conflict for a stopped machine', {}, async (bed) => {
      const { providerId } = await bed.launchFor('openSerial');
      await bed.stop(providerId);

      expect(await refusalOf(bed.can.openSerial(providerId))).toBe('conflict');
    });

    refusesAsAll(test, 'openSerial', (bed, providerId, options) => bed.can.openSerial(providerId, options));
    passesOnRefusals(test, 'openSerial', (bed, providerId) => bed.can.openSerial(providerId));
  });
}

async function somethingOf(serial: Duplex): Promise<string> {
  const [chunk] = await once(serial, 'data');
  return String(chunk);
}

async function ended(serial: Duplex): Promise<void> {
  serial.destroy();
  if (!serial.closed) await once(serial, 'close');
}

/** A vendor may take a while to notice that a session was left. */
function reopened(bed: Bed, providerId: string): Promise<Duplex> {
  return bed.until('a free console', () => bed.can.openSerial(providerId).catch(nothingOnConflict));
}

function nothingOnConflict(error: unknown): undefined {
  if (kindOf(error) !== 'conflict') throw error;
}
