import { expect } from '@jest/globals';
import type { Bandwidth, Diagnostics } from '../../abilities.js';
import { refusalOf } from '../bed.js';
import type { Suite } from '../suite.js';
import { passesOnRefusals, refusesUnsent } from './common.js';

const AN_HOUR_MS = 60 * 60_000;
/** nova's words (nova/objects/diagnostics.py). */
const STATES = ['running', 'paused', 'shutdown', 'crashed', 'suspended'];

/** What a machine does, in figures: all of them may be unknown, none may be wrong. */
export function figuresSuite(suite: Suite): void {
  diagnosticsSuite(suite);
  bandwidthSuite(suite);
}

function diagnosticsSuite(suite: Suite): void {
  suite.ability('diagnostics', ['diagnostics'], (test) => {
    test('says of a running machine that it runs, in figures that can be', {}, async (bed) => {
      const { providerId } = await bed.launchFor('diagnostics');

      const diagnostics = await bed.can.diagnostics(providerId);

      expect(diagnostics.state).toBe('running');
      for (const figure of figuresOf(diagnostics)) expect(figure ?? 0).toBeGreaterThanOrEqual(0);
      expect(JSON.parse(JSON.stringify(diagnostics.details))).toEqual(diagnostics.details);
    });

    test('says of a stopped machine what nova has a word for', {}, async (bed) => {
      const { providerId } = await bed.launchFor('diagnostics');
      await bed.stop(providerId);

      const { state } = await bed.can.diagnostics(providerId);

      expect(STATES).toContain(state);
      expect(state).not.toBe('running');
    });

    refusesUnsent(test, 'diagnostics', (bed, providerId, options) => bed.can.diagnostics(providerId, options));
    passesOnRefusals(test, 'diagnostics', (bed, providerId) => bed.can.diagnostics(providerId));
  });
}

function bandwidthSuite(suite: Suite): void {
  suite.ability('bandwidth', ['bandwidth'], (test) => {
    test('counts whole bytes of the interfaces that the machine has', {}, async (bed) => {
      const machine = await bed.launchFor('bandwidth');

      const counted = (await bed.can.bandwidth([machine.providerId], anHourAgo())).get(machine.providerId) ?? [];

      const macs = machine.nics.map(({ mac }) => mac);
      for (const { mac } of counted) expect(macs).toContain(mac);
      for (const bytes of bytesOf(counted)) expect(Number.isInteger(bytes) && bytes >= 0).toBe(true);
    });

    test('leaves out an id that it does not find, and answers nothing when asked for nothing', {}, async (bed) => {
      expect((await bed.can.bandwidth([bed.unknownId], anHourAgo())).has(bed.unknownId)).toBe(false);
      expect((await bed.can.bandwidth([], anHourAgo())).size).toBe(0);
    });

    test('refuses rather than taking an outage for silence', { needs: ['faults'] }, async (bed) => {
      const { providerId } = await bed.launchFor('bandwidth');
      await bed.fault({ on: 'bandwidth', when: 'before', error: 'unavailable', times: Number.POSITIVE_INFINITY });

      const refusal = await refusalOf(bed.can.bandwidth([providerId], anHourAgo()));

      expect(['unavailable', 'throttled']).toContain(refusal);
    });
  });
}

function figuresOf({ uptimeSeconds, cpuUtilisation, memoryMb, nics, disks }: Diagnostics): (number | null)[] {
  const ofNics = nics.flatMap(({ rxBytes, txBytes }) => [rxBytes, txBytes]);
  const ofDisks = disks.flatMap(({ readBytes, writeBytes }) => [readBytes, writeBytes]);
  return [uptimeSeconds, cpuUtilisation, memoryMb, ...ofNics, ...ofDisks];
}

function bytesOf(counted: readonly Bandwidth[]): number[] {
  return counted.flatMap(({ bytesIn, bytesOut }) => [bytesIn, bytesOut]);
}

function anHourAgo(): Date {
  return new Date(Date.now() - AN_HOUR_MS);
}
