import { expect } from '@jest/globals';
import { refusalOf } from './bed.js';
import type { Suite } from './suite.js';

/** Machines asked for one by one, all at nearly the same time. */
const NEARLY_AT_ONCE = 20;
/** Requests those may cost at most: gathering that splits a few ways is still gathering. */
const FEW_REQUESTS = 4;

export function describeSuite(suite: Suite): void {
  suite.verb('describe', (test) => {
    test('says of a machine what its launch said', {}, async (bed) => {
      const { launch, machine } = await bed.launchRunning();

      const seen = await bed.observed(machine.providerId);

      expect(seen).toMatchObject({ providerId: machine.providerId, zone: launch.offering.zone, state: 'running' });
      expect(Number.isNaN(Date.parse(seen?.launchedAt ?? '1970-01-01'))).toBe(false);
    });

    test('leaves out an id that it does not find, and answers the others', {}, async (bed) => {
      const { machine } = await bed.launchRunning();

      const seen = await bed.provider.describe([bed.unknownId, machine.providerId]);

      expect([...seen.keys()]).toEqual([machine.providerId]);
    });

    test('answers nothing for unknown ids alone', {}, async (bed) => {
      expect((await bed.provider.describe([bed.unknownId])).size).toBe(0);
    });

    test('answers nothing when asked for nothing', {}, async (bed) => {
      expect((await bed.provider.describe([])).size).toBe(0);
    });

    test('answers each machine once when its id is given twice', {}, async (bed) => {
      const { machine } = await bed.launchRunning();

      expect((await bed.provider.describe([machine.providerId, machine.providerId])).size).toBe(1);
    });

    test('answers more machines than a vendor takes in one request', {}, async (bed) => {
      const ids = (await bed.launchMany(bed.manyMachines)).map(({ providerId }) => providerId);

      const seen = await bed.provider.describe(ids);

      expect([...seen.keys()].toSorted()).toEqual(ids.toSorted());
    });

    test('gathers calls made at nearly the same time into few requests', { needs: ['counts'] }, async (bed) => {
      const machines = await bed.launchMany(NEARLY_AT_ONCE);
      const before = await bed.requests('describe');

      const seen = await Promise.all(machines.map(({ providerId }) => bed.provider.describe([providerId])));

      expect(seen.map((answer) => [...answer.keys()])).toEqual(machines.map(({ providerId }) => [providerId]));
      expect((await bed.requests('describe')) - before).toBeLessThanOrEqual(FEW_REQUESTS);
    });

    test('refuses rather than taking an outage for machines that are gone', { needs: ['faults'] }, async (bed) => {
      const { machine } = await bed.launchRunning();
      await bed.fault({ on: 'describe', when: 'before', error: 'unavailable', times: Number.POSITIVE_INFINITY });

      const refusal = await refusalOf(bed.provider.describe([machine.providerId]));

      expect(['unavailable', 'throttled']).toContain(refusal);
    });

    test('says unauthorized when the vendor does', { needs: ['faults'] }, async (bed) => {
      await bed.fault({ on: 'describe', when: 'before', error: 'unauthorized', times: Number.POSITIVE_INFINITY });

      expect(await refusalOf(bed.provider.describe([bed.unknownId]))).toBe('unauthorized');
    });
  });
}
