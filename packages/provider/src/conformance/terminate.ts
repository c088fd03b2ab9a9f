import { expect } from '@jest/globals';
import { answeredOrRepeatable, refusalOf } from './bed.js';
import type { Declare, Suite } from './suite.js';

export function terminateSuite(suite: Suite): void {
  suite.verb('terminate', (test) => {
    ends(test);
    repeats(test);
  });
}

function ends(test: Declare): void {
  test('ends this machine for good, and no other', {}, async (bed) => {
    const doomed = await bed.launchRunning();
    const other = await bed.launchRunning();

    await bed.provider.terminate(doomed.machine.providerId);
    await bed.settle(doomed.machine.providerId, 'terminated');

    expect((await bed.alive()).map(({ providerId }) => providerId)).toEqual([other.machine.providerId]);
  });

  test('ends a machine that is still pending', { make: { pace: 'slow' } }, async (bed) => {
    const { machine } = await bed.launchOne();

    await bed.provider.terminate(machine.providerId);

    await bed.settle(machine.providerId, 'terminated');
    expect(await bed.alive()).toEqual([]);
  });

  test('ends a stopped machine', {}, async (bed) => {
    const { machine } = await bed.launchRunning();
    await bed.provider.stop(machine.providerId);
    await bed.settle(machine.providerId, 'stopped');

    await bed.provider.terminate(machine.providerId);

    await bed.settle(machine.providerId, 'terminated');
    expect(await bed.alive()).toEqual([]);
  });

  test('ends a machine that is still stopping', { needs: ['pace'], make: { pace: 'slow' } }, async (bed) => {
    const { machine } = await bed.launchRunning();
    await bed.provider.stop(machine.providerId);

    await bed.provider.terminate(machine.providerId);

    await bed.settle(machine.providerId, 'terminated');
    expect(await bed.alive()).toEqual([]);
  });
}

function repeats(test: Declare): void {
  test('is no error for an unknown id', {}, async (bed) => {
    await expect(bed.provider.terminate(bed.unknownId)).resolves.toBeUndefined();
  });

  test('is no error while the machine ends, nor afterwards', { make: { pace: 'slow' } }, async (bed) => {
    const { machine } = await bed.launchRunning();

    await bed.provider.terminate(machine.providerId);
    await bed.provider.terminate(machine.providerId);
    await bed.settle(machine.providerId, 'terminated');
    await bed.provider.terminate(machine.providerId);

    expect(await bed.alive()).toEqual([]);
  });

  test('is no error when two replicas do it at once', { needs: ['replicas'] }, async (bed) => {
    const { machine } = await bed.launchRunning();
    const replica = await bed.replica();

    await Promise.all([bed.provider.terminate(machine.providerId), replica.terminate(machine.providerId)]);

    await bed.settle(machine.providerId, 'terminated');
    expect(await bed.alive()).toEqual([]);
  });

  test('ends the machine when the reply is lost and it is repeated', { needs: ['faults'] }, async (bed) => {
    const { machine } = await bed.launchRunning();
    await bed.fault({ on: 'terminate', when: 'after', error: 'connection-reset' });

    await answeredOrRepeatable(bed.provider.terminate(machine.providerId));
    await bed.provider.terminate(machine.providerId);

    await bed.settle(machine.providerId, 'terminated');
    expect(await bed.alive()).toEqual([]);
  });

  test('never takes a refusal for the end: it says unauthorized when the vendor does', { needs: ['faults'] }, async (bed) => {
    const { machine } = await bed.launchRunning();
    await bed.fault({ on: 'terminate', when: 'before', error: 'unauthorized' });

    expect(await refusalOf(bed.provider.terminate(machine.providerId))).toBe('unauthorized');
    expect(await bed.alive()).toHaveLength(1);
  });
}
