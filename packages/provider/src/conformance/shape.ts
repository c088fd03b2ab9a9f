import { expect } from '@jest/globals';
import { exhaust } from './offerings.js';
import type { Suite } from './suite.js';

export function shapeSuite(suite: Suite): void {
  suite.verb('shape', (test) => {
    test('names at least one zone, and none twice', {}, async (bed) => {
      const names = (await bed.provider.shape()).zones.map(({ name }) => name);

      expect(names.length).toBeGreaterThan(0);
      expect(new Set(names).size).toBe(names.length);
    });

    test('names the zones that machines run in', {}, async (bed) => {
      const { machine } = await bed.launchRunning();

      expect((await bed.provider.shape()).zones.map(({ name }) => name)).toContain(machine.zone);
    });

    test('says what the compute nodes are called', {}, async (bed) => {
      const { hypervisorType, hypervisorVersion } = await bed.provider.shape();

      expect(hypervisorType).not.toBe('');
      expect(Number.isInteger(hypervisorVersion)).toBe(true);
    });

    test('counts headroom in whole units, or not at all', {}, async (bed) => {
      const { headroom } = await bed.provider.shape();

      for (const units of Object.values(headroom) as (number | null)[]) {
        expect(units === null || (Number.isInteger(units) && units >= 0)).toBe(true);
      }
    });

    test('names no memory size as refused before anything was', {}, async (bed) => {
      expect((await bed.provider.shape()).refusedMemoryMb).toEqual([]);
    });

    test('names a memory size as refused once every offering of it was', { needs: ['room'] }, async (bed) => {
      const request = bed.aRequest();
      await bed.fullEverywhere();

      await exhaust(bed, request);

      expect((await bed.provider.shape()).refusedMemoryMb).toContain(request.flavor.memoryMb);
    });
  });
}
