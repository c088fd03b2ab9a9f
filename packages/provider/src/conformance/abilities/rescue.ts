import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import type { ProviderInstance } from '../../observed.js';
import { type Bed, fixedAddressesOf } from '../bed.js';
import type { Declare, Suite } from '../suite.js';
import { refusesAsAll } from './common.js';

/** Into the rescue system and back to its own disks: running both times. */
export function rescueSuite(suite: Suite): void {
  suite.ability('rescue', ['rescue', 'unrescue'], (test) => {
    rescues(test);
    repeats(test);
    crashes(test);
    refusesAsAll(test, 'rescue', (bed, providerId, options) => bed.can.rescue(providerId, aRescue(), options));
    refusesAsAll(test, 'unrescue', (bed, providerId, options) => bed.can.unrescue(providerId, aToken(), options));
  });
}

function rescues(test: Declare): void {
  test('runs in rescue, and runs again after it: same id, zone, size and fixed addresses', {}, async (bed) => {
    const before = await rescuedMachine(bed);
    await bed.settle(before.providerId, 'running');

    const token = aToken();
    await bed.finish(() => bed.can.unrescue(before.providerId, token));

    await bed.settle(before.providerId, 'running');
    await expectSame(bed, before);
  });

  test('runs in rescue also when it was stopped', {}, async (bed) => {
    const { providerId } = await bed.launchFor('rescue');
    const rescue = aRescue();
    await bed.stop(providerId);

    await bed.finish(() => bed.can.rescue(providerId, rescue));

    await bed.settle(providerId, 'running');
  });

  test('boots the image that was resolved for it', { abilities: ['resolveImage'] }, async (bed) => {
    const { providerId } = await bed.launchFor('rescue');
    const rescue = { ...aRescue(), providerImageId: await bed.can.resolveImage(bed.aRequest().image, { providerId }) };

    await bed.finish(() => bed.can.rescue(providerId, rescue));

    await bed.settle(providerId, 'running');
  });

  test('can be terminated in rescue, and nothing is left', {}, async (bed) => {
    const { providerId } = await rescuedMachine(bed);

    await bed.end(providerId);

    expect(await bed.alive()).toEqual([]);
  });
}

function repeats(test: Declare): void {
  test('is done once when it is repeated with the same token', { needs: ['effects'] }, async (bed) => {
    const { providerId } = await bed.launchFor('rescue');
    const rescue = aRescue();
    await bed.finish(() => bed.can.rescue(providerId, rescue));

    await bed.finish(() => bed.can.rescue(providerId, rescue));

    expect(await bed.effects('rescue', providerId)).toBe(1);
  });

  test('is done once when replies are lost and it is repeated', { needs: ['effects', 'faults'] }, async (bed) => {
    const { providerId } = await bed.launchFor('rescue');
    const rescue = aRescue();
    await bed.fault({ on: 'rescue', when: 'after', error: 'connection-reset', times: 2 });

    await bed.finish(() => bed.can.rescue(providerId, rescue));

    expect(await bed.effects('rescue', providerId)).toBe(1);
    await bed.settle(providerId, 'running');
  });

  test('unrescue is done again, and changes nothing, when it is repeated', {}, async (bed) => {
    const before = await rescuedMachine(bed);
    const token = aToken();
    await bed.finish(() => bed.can.unrescue(before.providerId, token));

    expect(await bed.can.unrescue(before.providerId, token)).toBe('done');

    await bed.settle(before.providerId, 'running');
    await expectSame(bed, before);
  });

  test('unrescue ends on its own disks when replies are lost and it is repeated', { needs: ['faults'] }, async (bed) => {
    const before = await rescuedMachine(bed);
    const token = aToken();
    await bed.fault({ on: 'unrescue', when: 'after', error: 'connection-reset', times: 2 });

    await bed.finish(() => bed.can.unrescue(before.providerId, token));

    await bed.settle(before.providerId, 'running');
    await expectSame(bed, before);
  });
}

function crashes(test: Declare): void {
  test('is finished by a replica after a crash between its steps, and so is unrescue', {
    needs: ['replicas', 'pace'],
    make: { pace: 'slow' },
  }, async (bed) => {
    const before = await bed.launchFor('rescue');
    const [rescue, unrescue] = [aRescue(), aToken()];
    const replica = bed.canDo(await bed.replica());

    expect(await bed.can.rescue(before.providerId, rescue)).toBe('under-way');
    await bed.finish(() => replica.rescue(before.providerId, rescue));
    expect(await bed.can.unrescue(before.providerId, unrescue)).toBe('under-way');
    await bed.finish(() => replica.unrescue(before.providerId, unrescue));

    await bed.settle(before.providerId, 'running');
    await expectSame(bed, before);
  });
}

function aRescue() {
  return { providerImageId: null, password: 'rescue-me', token: randomUUID() };
}

function aToken() {
  return { token: randomUUID() };
}

async function rescuedMachine(bed: Bed): Promise<ProviderInstance> {
  const machine = await bed.launchFor('rescue');
  const rescue = aRescue();
  await bed.finish(() => bed.can.rescue(machine.providerId, rescue));
  return machine;
}

async function expectSame(bed: Bed, before: ProviderInstance): Promise<void> {
  const after = await bed.observed(before.providerId);
  expect(after).toMatchObject({ zone: before.zone, size: before.size });
  expect(fixedAddressesOf(after)).toEqual(fixedAddressesOf(before));
  expect(await bed.alive()).toHaveLength(1);
}
