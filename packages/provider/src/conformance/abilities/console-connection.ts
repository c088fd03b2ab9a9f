import { expect } from '@jest/globals';
import type { ConsoleConnection, ConsoleType } from '../../abilities.js';
import { kindOf } from '../../errors.js';
import { type Bed, refusalOf } from '../bed.js';
import type { Suite } from '../suite.js';
import { refusesAsAll } from './common.js';

const TYPES: readonly ConsoleType[] = ['novnc', 'xvpvnc', 'spice-html5', 'rdp-html5', 'serial', 'webmks'];
const LAST_PORT = 65_535;

interface Handed {
  readonly type: ConsoleType;
  readonly connection: ConsoleConnection;
}

export function consoleConnectionSuite(suite: Suite): void {
  suite.ability('connectConsole', ['connectConsole', 'validateConsole'], (test) => {
    test('has one type of console at least, and says unsupported for all it has not', {}, async (bed) => {
      const { providerId } = await bed.launchFor('connectConsole');

      const handed = await handedOut(bed, providerId);

      expect(handed.length).toBeGreaterThan(0);
      for (const { connection } of handed) expect(isUsable(connection)).toBe(true);
      expect(new Set(handed.map(({ connection }) => connection.token)).size).toBe(handed.length);
    });

    test('holds for the port and type that were handed out, and for no other', {}, async (bed) => {
      const { providerId } = await bed.launchFor('connectConsole');

      for (const { type, connection } of await handedOut(bed, providerId)) {
        expect(await bed.can.validateConsole(providerId, String(connection.port), type)).toBe(true);
        expect(await bed.can.validateConsole(providerId, '1', type)).toBe(false);
        expect(await bed.can.validateConsole(providerId, String(connection.port), 'no-such-type')).toBe(false);
      }
    });

    test('holds for no machine that it was not handed out for', {}, async (bed) => {
      const { providerId } = await bed.launchFor('connectConsole');
      const other = await bed.launchFor('connectConsole');

      for (const { type, connection } of await handedOut(bed, providerId)) {
        expect(await bed.can.validateConsole(other.providerId, String(connection.port), type)).toBe(false);
      }
    });

    test('holds no longer once the machine has ended', {}, async (bed) => {
      const { providerId } = await bed.launchFor('connectConsole');
      const handed = await handedOut(bed, providerId);
      await bed.end(providerId);

      for (const { type, connection } of handed) {
        const call = bed.can.validateConsole(providerId, String(connection.port), type);
        expect([false, 'not-found']).toContain(await call.catch(kindOf));
      }
    });

    refusesAsAll(test, 'connectConsole', async (bed, providerId, options) => {
      const outcomes = await Promise.all(TYPES.map((type) => outcomeOf(bed.can.connectConsole(providerId, type, options))));
      // Which types there are is the provider's: of those that it has, the refusal counts.
      throw outcomes.find((outcome) => kindOf(outcome) !== 'unsupported') ?? new Error('every type is unsupported');
    });

    test('says not-found for an unknown id when asked whether it holds', {}, async (bed) => {
      expect(await refusalOf(bed.can.validateConsole(bed.unknownId, '1', 'novnc'))).toBe('not-found');
    });
  });
}

/** A connection of every type that this cloud has. */
async function handedOut(bed: Bed, providerId: string): Promise<Handed[]> {
  const handed: Handed[] = [];
  for (const type of TYPES) {
    const connection = await bed.can.connectConsole(providerId, type).catch((error: unknown) => {
      if (kindOf(error) !== 'unsupported') throw error;
    });
    if (connection !== undefined) handed.push({ type, connection });
  }
  return handed;
}

function isUsable({ token, accessUrl, host, port }: ConsoleConnection): boolean {
  return token !== '' && host !== '' && URL.canParse(accessUrl) && Number.isInteger(port) && port > 0 && port <= LAST_PORT;
}

async function outcomeOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => new Error('the call was answered, a refusal was expected'),
    (error: unknown) => error,
  );
}
