import { expect } from '@jest/globals';
import { kindOf } from '../../errors.js';
import type { ProviderInstance } from '../../observed.js';
import { type Bed, fixedAddressesOf, refusalOf } from '../bed.js';
import type { Declare, Suite } from '../suite.js';
import { passesOnRefusals, refusesAsAll, twiceWithLostReply } from './common.js';

/** Suspend and resume: memory on disk in between. Where the vendor makes no difference, the machine is `stopped` then. */
export function suspendSuite(suite: Suite): void {
  suite.ability('suspend', ['suspend', 'resume'], (test) => {
    suspends(test);
    passes(test);
    refusals(test);
    refusesAsAll(test, 'suspend', (bed, providerId, options) => bed.can.suspend(providerId, options));
    refusesAsAll(test, 'resume', (bed, providerId, options) => bed.can.resume(providerId, options));
    passesOnRefusals(test, 'suspend', (bed, providerId) => bed.can.suspend(providerId));
  });
}

function suspends(test: Declare): void {
  test('brings a running machine to rest, and resume brings it back as it was', {}, async (bed) => {
    const before = await suspendedMachine(bed);

    await bed.can.resume(before.providerId);
    await bed.settle(before.providerId, 'running');

    const after = await bed.observed(before.providerId);
    expect(after).toMatchObject({ zone: before.zone, size: before.size });
    expect(fixedAddressesOf(after)).toEqual(fixedAddressesOf(before));
  });

  test('is no error when the machine is suspended already', {}, async (bed) => {
    const { providerId } = await suspendedMachine(bed);

    await bed.can.suspend(providerId);

    await untilSuspended(bed, providerId);
  });

  test('of a running machine, resume is no error', {}, async (bed) => {
    const { providerId } = await bed.launchFor('suspend');

    await bed.can.resume(providerId);

    expect(await bed.observed(providerId)).toMatchObject({ state: 'running' });
  });

  test('ends at rest when the reply is lost and it is repeated', { needs: ['faults'] }, async (bed) => {
    const { providerId } = await bed.launchFor('suspend');

    await twiceWithLostReply(bed, 'suspend', () => bed.can.suspend(providerId));

    await untilSuspended(bed, providerId);
  });

  test('lets a replica resume when the reply to the first is lost', { needs: ['faults', 'replicas'] }, async (bed) => {
    const { providerId } = await suspendedMachine(bed);
    const calls = [bed.can, bed.canDo(await bed.replica())].map((provider) => () => provider.resume(providerId));

    await twiceWithLostReply(bed, 'resume', async () => calls.shift()?.());

    await bed.settle(providerId, 'running');
  });
}

function passes(test: Declare): void {
  test('is no error while the machine is being suspended', { needs: ['pace'], make: { pace: 'slow' } }, async (bed) => {
    const { providerId } = await bed.launchFor('suspend');
    await bed.can.suspend(providerId);

    await bed.can.suspend(providerId);

    await untilSuspended(bed, providerId);
  });

  test('of a machine that is being suspended, resume either says conflict or ends in running', {
    needs: ['pace'],
    make: { pace: 'slow' },
  }, async (bed) => {
    const { providerId } = await bed.launchFor('suspend');
    await bed.can.suspend(providerId);

    const refusal = await bed.can.resume(providerId).then(() => null, kindOf);

    expect([null, 'conflict']).toContain(refusal);
    if (refusal === null) await bed.settle(providerId, 'running');
    else await untilSuspended(bed, providerId);
  });
}

function refusals(test: Declare): void {
  test('of a stopped machine either says conflict or leaves it as it is', {}, async (bed) => {
    const { providerId } = await bed.launchFor('suspend');
    await bed.stop(providerId);

    expect([null, 'conflict']).toContain(await bed.can.suspend(providerId).then(() => null, kindOf));
    expect(await bed.observed(providerId)).toMatchObject({ state: 'stopped' });
  });

  test('says capacity when there is no room to resume, and the machine stays at rest', { needs: ['room'] }, async (bed) => {
    const { providerId, zone } = await suspendedMachine(bed);
    await bed.full(zone);

    expect(await refusalOf(bed.can.resume(providerId))).toBe('capacity');
    await untilSuspended(bed, providerId);
  });

  test('leaves a machine that can be terminated', {}, async (bed) => {
    const { providerId } = await suspendedMachine(bed);

    await bed.end(providerId);

    expect(await bed.alive()).toEqual([]);
  });
}

async function suspendedMachine(bed: Bed): Promise<ProviderInstance> {
  const machine = await bed.launchFor('suspend');
  await bed.can.suspend(machine.providerId);
  await untilSuspended(bed, machine.providerId);
  return machine;
}

async function untilSuspended(bed: Bed, providerId: string): Promise<void> {
  await bed.until('a suspended machine', async () => {
    const state = (await bed.observed(providerId))?.state;
    return state === 'suspended' || state === 'stopped' ? true : undefined;
  });
}
