import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import type { ProviderInstance } from '../../observed.js';
import { type Bed, fixedAddressesOf } from '../bed.js';
import type { Declare, Suite } from '../suite.js';
import { refusesAsAll } from './common.js';

const POWERS = ['running', 'stopped'] as const;

/** A new root disk, once per token; all else stays. */
export function rebuildSuite(suite: Suite): void {
  suite.ability('rebuild', ['resolveImage', 'rebuild'], (test) => {
    rebuilds(test);
    repeats(test);
    refusesAsAll(test, 'rebuild', async (bed, providerId, options) => {
      return bed.can.rebuild(providerId, await aRebuild(bed, providerId), options);
    });
  });
}

function rebuilds(test: Declare): void {
  for (const power of POWERS) {
    test(`leaves a ${power} machine ${power}, with its id, zone, size and fixed addresses`, {}, async (bed) => {
      const before = await bed.launchFor('rebuild');
      const rebuild = await aRebuild(bed, before.providerId);
      if (power === 'stopped') await bed.stop(before.providerId);

      await bed.finish(() => bed.can.rebuild(before.providerId, rebuild));

      await bed.settle(before.providerId, power);
      await expectSame(bed, before);
    });
  }

  test('can be done again, by another token', { needs: ['effects'] }, async (bed) => {
    const { providerId } = await bed.launchFor('rebuild');
    for (const rebuild of [await aRebuild(bed, providerId), await aRebuild(bed, providerId)]) {
      await bed.finish(() => bed.can.rebuild(providerId, rebuild));
    }

    expect(await bed.effects('rebuild', providerId)).toBe(2);
  });
}

function repeats(test: Declare): void {
  test('is done once when it is repeated with the same token', { needs: ['effects'] }, async (bed) => {
    const { providerId } = await bed.launchFor('rebuild');
    const rebuild = await aRebuild(bed, providerId);
    await bed.finish(() => bed.can.rebuild(providerId, rebuild));

    await bed.finish(() => bed.can.rebuild(providerId, rebuild));

    expect(await bed.effects('rebuild', providerId)).toBe(1);
  });

  test('is done once when replies are lost and it is repeated', { needs: ['effects', 'faults'] }, async (bed) => {
    const { providerId } = await bed.launchFor('rebuild');
    const rebuild = await aRebuild(bed, providerId);
    await bed.fault({ on: 'rebuild', when: 'after', error: 'connection-reset', times: 2 });

    await bed.finish(() => bed.can.rebuild(providerId, rebuild));

    expect(await bed.effects('rebuild', providerId)).toBe(1);
    await bed.settle(providerId, 'running');
  });

  test('is finished by a replica after a crash between its steps, and done once', {
    needs: ['effects', 'replicas', 'pace'],
    make: { pace: 'slow' },
  }, async (bed) => {
    const before = await bed.launchFor('rebuild');
    const rebuild = await aRebuild(bed, before.providerId);
    expect(await bed.can.rebuild(before.providerId, rebuild)).toBe('under-way');

    const replica = bed.canDo(await bed.replica());
    await bed.finish(() => replica.rebuild(before.providerId, rebuild));

    expect(await bed.effects('rebuild', before.providerId)).toBe(1);
    await bed.settle(before.providerId, 'running');
    await expectSame(bed, before);
  });
}

async function aRebuild(bed: Bed, providerId: string): Promise<{ readonly providerImageId: string; readonly token: string }> {
  return { providerImageId: await bed.can.resolveImage(bed.aRequest().image, { providerId }), token: randomUUID() };
}

async function expectSame(bed: Bed, before: ProviderInstance): Promise<void> {
  const after = await bed.observed(before.providerId);
  expect(after).toMatchObject({ zone: before.zone, size: before.size });
  expect(fixedAddressesOf(after)).toEqual(fixedAddressesOf(before));
  expect(await bed.alive()).toHaveLength(1);
}
