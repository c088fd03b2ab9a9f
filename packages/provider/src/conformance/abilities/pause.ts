import { expect } from '@jest/globals';
import type { ProviderInstance } from '../../observed.js';
import { type Bed, fixedAddressesOf, refusalOf } from '../bed.js';
import type { Declare, Suite } from '../suite.js';
import { passesOnRefusals, refusesAsAll, twiceWithLostReply } from './common.js';

/** Pause and unpause: memory stays where it is. */
export function pauseSuite(suite: Suite): void {
  suite.ability('pause', ['pause', 'unpause'], (test) => {
    pauses(test);
    refusals(test);
    refusesAsAll(test, 'pause', (bed, providerId, options) => bed.can.pause(providerId, options));
    refusesAsAll(test, 'unpause', (bed, providerId, options) => bed.can.unpause(providerId, options));
    passesOnRefusals(test, 'pause', (bed, providerId) => bed.can.pause(providerId));
  });
}

function pauses(test: Declare): void {
  test('brings a running machine to paused, and unpause brings it back as it was', {}, async (bed) => {
    const before = await bed.launchFor('pause');

    await bed.can.pause(before.providerId);
    await bed.settle(before.providerId, 'paused');
    await bed.can.unpause(before.providerId);
    await bed.settle(before.providerId, 'running');

    const after = await bed.observed(before.providerId);
    expect(after).toMatchObject({ zone: before.zone, size: before.size });
    expect(fixedAddressesOf(after)).toEqual(fixedAddressesOf(before));
  });

  test('is no error when the machine is paused already', {}, async (bed) => {
    const { providerId } = await pausedMachine(bed);

    await bed.can.pause(providerId);

    expect(await bed.observed(providerId)).toMatchObject({ state: 'paused' });
  });

  test('of a running machine, unpause is no error', {}, async (bed) => {
    const { providerId } = await bed.launchFor('pause');

    await bed.can.unpause(providerId);

    expect(await bed.observed(providerId)).toMatchObject({ state: 'running' });
  });

  test('ends in paused when the reply is lost and it is repeated', { needs: ['faults'] }, async (bed) => {
    const { providerId } = await bed.launchFor('pause');

    await twiceWithLostReply(bed, 'pause', () => bed.can.pause(providerId));

    await bed.settle(providerId, 'paused');
  });

  test('lets a replica unpause when the reply to the first is lost', { needs: ['faults', 'replicas'] }, async (bed) => {
    const { providerId } = await pausedMachine(bed);
    const calls = [bed.can, bed.canDo(await bed.replica())].map((provider) => () => provider.unpause(providerId));

    await twiceWithLostReply(bed, 'unpause', async () => calls.shift()?.());

    await bed.settle(providerId, 'running');
  });
}

function refusals(test: Declare): void {
  test('says conflict for a stopped machine, which stays stopped', {}, async (bed) => {
    const { providerId } = await bed.launchFor('pause');
    await bed.stop(providerId);

    expect(await refusalOf(bed.can.pause(providerId))).toBe('conflict');
    expect(await refusalOf(bed.can.unpause(providerId))).toBe('conflict');
    expect(await bed.observed(providerId)).toMatchObject({ state: 'stopped' });
  });

  test('leaves a machine that can be terminated', {}, async (bed) => {
    const { providerId } = await pausedMachine(bed);

    await bed.end(providerId);

    expect(await bed.alive()).toEqual([]);
  });
}

async function pausedMachine(bed: Bed): Promise<ProviderInstance> {
  const machine = await bed.launchFor('pause');
  await bed.can.pause(machine.providerId);
  await bed.settle(machine.providerId, 'paused');
  return machine;
}
