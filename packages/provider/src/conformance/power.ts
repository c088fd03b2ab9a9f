import { expect } from '@jest/globals';
import { kindOf } from '../errors.js';
import type { ProviderInstance } from '../observed.js';
import { answeredOrRepeatable, type Bed, fixedAddressesOf, refusalOf } from './bed.js';
import type { Declare, Suite } from './suite.js';

/** Start and stop: they end in the state asked for, however often they are repeated. */
export function powerSuite(suite: Suite): void {
  suite.verb('stop', (test) => {
    stops(test);
    stopsWhileOnTheWay(test);
  });
  suite.verb('start', (test) => {
    starts(test);
    startsThatFail(test);
  });
}

function stops(test: Declare): void {
  for (const force of [false, true]) {
    test(`${force ? 'forced, ' : ''}brings a running machine to stopped`, {}, async (bed) => {
      const { machine } = await bed.launchRunning();

      await bed.provider.stop(machine.providerId, { force });

      await bed.settle(machine.providerId, 'stopped');
    });
  }

  test('is no error when the machine is stopped already', {}, async (bed) => {
    const { providerId } = await stoppedMachine(bed);

    await bed.provider.stop(providerId);

    expect(await bed.observed(providerId)).toMatchObject({ state: 'stopped' });
  });

  test('ends in stopped when the reply is lost and it is repeated', { needs: ['faults'] }, async (bed) => {
    const { machine } = await bed.launchRunning();
    await bed.fault({ on: 'stop', when: 'after', error: 'connection-reset' });

    await answeredOrRepeatable(bed.provider.stop(machine.providerId));
    await bed.provider.stop(machine.providerId);

    await bed.settle(machine.providerId, 'stopped');
  });

  test('says not-found for an unknown id', {}, async (bed) => {
    expect(await refusalOf(bed.provider.stop(bed.unknownId))).toBe('not-found');
  });

  test('says unauthorized when the vendor does, and the machine runs on', { needs: ['faults'] }, async (bed) => {
    const { machine } = await bed.launchRunning();
    await bed.fault({ on: 'stop', when: 'before', error: 'unauthorized' });

    expect(await refusalOf(bed.provider.stop(machine.providerId))).toBe('unauthorized');
    expect(await bed.observed(machine.providerId)).toMatchObject({ state: 'running' });
  });
}

function stopsWhileOnTheWay(test: Declare): void {
  test('is no error while the machine stops', { needs: ['pace'], make: { pace: 'slow' } }, async (bed) => {
    const { machine } = await bed.launchRunning();
    await bed.provider.stop(machine.providerId);

    await bed.provider.stop(machine.providerId);

    expect(await bed.observed(machine.providerId)).toMatchObject({ state: 'stopping' });
  });

  test('of a pending machine either says conflict or ends in stopped', {
    needs: ['pace'],
    make: { pace: 'slow' },
  }, async (bed) => {
    const { machine } = await bed.launchOne();

    const refusal = await bed.provider.stop(machine.providerId).then(() => null, kindOf);

    expect([null, 'conflict']).toContain(refusal);
    await bed.settle(machine.providerId, refusal === null ? 'stopped' : 'running');
  });
}

function starts(test: Declare): void {
  test('brings a stopped machine back: same id, zone and fixed addresses', {}, async (bed) => {
    const before = await stoppedMachine(bed);

    await bed.provider.start(before.providerId);
    await bed.settle(before.providerId, 'running');

    const after = await bed.observed(before.providerId);
    expect(after).toMatchObject({ state: 'running', zone: before.zone });
    expect(fixedAddressesOf(after)).toEqual(fixedAddressesOf(before));
  });

  test('is no error when the machine runs already', {}, async (bed) => {
    const { machine } = await bed.launchRunning();

    await bed.provider.start(machine.providerId);

    expect(await bed.observed(machine.providerId)).toMatchObject({ state: 'running' });
  });

  test('is no error while the machine starts', { make: { pace: 'slow' } }, async (bed) => {
    const { providerId } = await stoppedMachine(bed);
    await bed.provider.start(providerId);

    await bed.provider.start(providerId);

    await bed.settle(providerId, 'running');
  });

  test('ends in running when the reply is lost and it is repeated', { needs: ['faults'] }, async (bed) => {
    const { providerId } = await stoppedMachine(bed);
    await bed.fault({ on: 'start', when: 'after', error: 'connection-reset' });

    await answeredOrRepeatable(bed.provider.start(providerId));
    await bed.provider.start(providerId);

    await bed.settle(providerId, 'running');
  });
}

function startsThatFail(test: Declare): void {
  test('says capacity when the zone is full, and the machine stays stopped', { needs: ['room'] }, async (bed) => {
    const { providerId, zone } = await stoppedMachine(bed);
    await bed.full(zone);

    expect(await refusalOf(bed.provider.start(providerId))).toBe('capacity');
    expect(await bed.observed(providerId)).toMatchObject({ state: 'stopped' });
  });

  test('of a stopping machine either says conflict or ends in running', {
    needs: ['pace'],
    make: { pace: 'slow' },
  }, async (bed) => {
    const { machine } = await bed.launchRunning();
    await bed.provider.stop(machine.providerId);

    const refusal = await bed.provider.start(machine.providerId).then(() => null, kindOf);

    expect([null, 'conflict']).toContain(refusal);
    await bed.settle(machine.providerId, refusal === null ? 'running' : 'stopped');
  });

  test('says not-found for an unknown id', {}, async (bed) => {
    expect(await refusalOf(bed.provider.start(bed.unknownId))).toBe('not-found');
  });

  test('never revives a terminated machine', {}, async (bed) => {
    const { machine } = await bed.launchRunning();
    await bed.provider.terminate(machine.providerId);
    await bed.settle(machine.providerId, 'terminated');

    expect(['conflict', 'not-found']).toContain(await refusalOf(bed.provider.start(machine.providerId)));
    expect(await bed.alive()).toEqual([]);
  });
}

async function stoppedMachine(bed: Bed): Promise<ProviderInstance> {
  const { machine } = await bed.launchRunning();
  await bed.provider.stop(machine.providerId);
  await bed.settle(machine.providerId, 'stopped');
  return (await bed.observed(machine.providerId)) ?? machine;
}
