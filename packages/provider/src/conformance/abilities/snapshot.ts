import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import type { ProviderSnapshot } from '../../abilities.js';
import { kindOf } from '../../errors.js';
import type { LaunchRequest } from '../../launch.js';
import { type Bed, refusalOf } from '../bed.js';
import type { Declare, Suite } from '../suite.js';
import { passesOnRefusals, refusesAsAll, twiceWithLostReply } from './common.js';

/** What image-create, backups and shelved instances stand on. */
export function snapshotSuite(suite: Suite): void {
  suite.ability('snapshot', ['snapshot', 'describeSnapshots', 'deleteSnapshot'], (test) => {
    takes(test);
    repeats(test);
    reads(test);
    ends(test);
    launches(test);
    refusesAsAll(test, 'snapshot', (bed, providerId, options) => bed.can.snapshot(providerId, aSnapshot(), options));
    passesOnRefusals(test, 'snapshot', (bed, providerId) => bed.can.snapshot(providerId, aSnapshot()));
  });
}

function takes(test: Declare): void {
  test('becomes available without another call, and says how far it is', { make: { pace: 'slow' } }, async (bed) => {
    const { providerId } = await bed.launchFor('snapshot');

    const begun = await bed.can.snapshot(providerId, aSnapshot());
    const ready = await untilAvailable(bed, begun);

    for (const { progress } of [begun, ready]) expect(progress ?? 0).toBeGreaterThanOrEqual(0);
    for (const { progress } of [begun, ready]) expect(progress ?? 0).toBeLessThanOrEqual(100);
    expect(ready.snapshotId).toBe(begun.snapshotId);
  });

  test('leaves a running machine running', {}, async (bed) => {
    const { providerId } = await bed.launchFor('snapshot');

    await untilAvailable(bed, await bed.can.snapshot(providerId, aSnapshot()));

    await bed.settle(providerId, 'running');
  });

  test('is taken of a stopped machine, which stays stopped', {}, async (bed) => {
    const { providerId } = await bed.launchFor('snapshot');
    await bed.stop(providerId);

    await untilAvailable(bed, await bed.can.snapshot(providerId, aSnapshot()));

    expect(await bed.observed(providerId)).toMatchObject({ state: 'stopped' });
  });

  test('outlives its machine', {}, async (bed) => {
    const { providerId } = await bed.launchFor('snapshot');
    const ready = await untilAvailable(bed, await bed.can.snapshot(providerId, aSnapshot()));

    await bed.end(providerId);

    expect(await found(bed, ready.snapshotId)).toMatchObject({ state: 'available' });
  });
}

function repeats(test: Declare): void {
  test('is the same snapshot when it is asked for again with the same token', { needs: ['effects'] }, async (bed) => {
    const { providerId } = await bed.launchFor('snapshot');
    const asked = aSnapshot();
    const { snapshotId } = await bed.can.snapshot(providerId, asked);

    expect(await bed.can.snapshot(providerId, asked)).toMatchObject({ snapshotId });
    expect(await bed.effects('snapshot', providerId)).toBe(1);
  });

  test('is another one with another token', {}, async (bed) => {
    const { providerId } = await bed.launchFor('snapshot');
    const one = await untilAvailable(bed, await bed.can.snapshot(providerId, aSnapshot()));

    const other = await bed.can.snapshot(providerId, aSnapshot());

    expect(other.snapshotId).not.toBe(one.snapshotId);
  });

  test('is the only one when the reply is lost and it is repeated', { needs: ['effects', 'faults'] }, async (bed) => {
    const { providerId } = await bed.launchFor('snapshot');
    const asked = aSnapshot();

    const { snapshotId } = await twiceWithLostReply(bed, 'snapshot', () => bed.can.snapshot(providerId, asked));

    expect(await bed.effects('snapshot', providerId)).toBe(1);
    expect(await found(bed, snapshotId)).toBeDefined();
  });

  test('is found again by a replica when the reply is lost', { needs: ['effects', 'faults', 'replicas'] }, async (bed) => {
    const { providerId } = await bed.launchFor('snapshot');
    const asked = aSnapshot();
    const calls = [bed.can, bed.canDo(await bed.replica())].map((provider) => () => provider.snapshot(providerId, asked));

    await twiceWithLostReply(bed, 'snapshot', async () => calls.shift()?.());

    expect(await bed.effects('snapshot', providerId)).toBe(1);
  });
}

function reads(test: Declare): void {
  test('leaves out ids that it does not find, and answers the others', {}, async (bed) => {
    const { providerId } = await bed.launchFor('snapshot');
    const gone = await untilAvailable(bed, await bed.can.snapshot(providerId, aSnapshot()));
    await bed.can.deleteSnapshot(gone.snapshotId);
    const { snapshotId } = await bed.can.snapshot(providerId, aSnapshot());

    const seen = await bed.can.describeSnapshots([gone.snapshotId, snapshotId]);

    expect([...seen.keys()]).toEqual([snapshotId]);
  });

  test('answers nothing when asked for nothing', {}, async (bed) => {
    expect((await bed.can.describeSnapshots([])).size).toBe(0);
  });

  test('refuses rather than taking an outage for snapshots that are gone', { needs: ['faults'] }, async (bed) => {
    const { providerId } = await bed.launchFor('snapshot');
    const { snapshotId } = await bed.can.snapshot(providerId, aSnapshot());
    await bed.fault({ on: 'describeSnapshots', when: 'before', error: 'unavailable', times: Number.POSITIVE_INFINITY });

    const refusal = await refusalOf(bed.can.describeSnapshots([snapshotId]));

    expect(['unavailable', 'throttled']).toContain(refusal);
  });
}

function ends(test: Declare): void {
  test('is gone once it was deleted, and deleting it again is no error', {}, async (bed) => {
    const { providerId } = await bed.launchFor('snapshot');
    const { snapshotId } = await untilAvailable(bed, await bed.can.snapshot(providerId, aSnapshot()));

    await bed.can.deleteSnapshot(snapshotId);
    await bed.can.deleteSnapshot(snapshotId);

    expect(await found(bed, snapshotId)).toBeUndefined();
    await bed.settle(providerId, 'running');
  });

  test('is gone when the reply is lost and it is deleted again', { needs: ['faults'] }, async (bed) => {
    const { providerId } = await bed.launchFor('snapshot');
    const { snapshotId } = await untilAvailable(bed, await bed.can.snapshot(providerId, aSnapshot()));

    await twiceWithLostReply(bed, 'deleteSnapshot', () => bed.can.deleteSnapshot(snapshotId));

    expect(await found(bed, snapshotId)).toBeUndefined();
  });
}

function launches(test: Declare): void {
  test('can be launched from, when its machine is gone', {}, async (bed) => {
    const { providerId } = await bed.launchFor('snapshot');
    const { snapshotId } = await untilAvailable(bed, await bed.can.snapshot(providerId, aSnapshot()));
    await bed.end(providerId);

    const { machine } = await bed.launchRunning(fromSnapshot(bed, snapshotId));

    expect((await bed.alive()).map((alive) => alive.providerId)).toEqual([machine.providerId]);
  });

  test('is what its id resolves to as an image', { abilities: ['resolveImage'] }, async (bed) => {
    const { providerId } = await bed.launchFor('snapshot');
    const { snapshotId } = await untilAvailable(bed, await bed.can.snapshot(providerId, aSnapshot()));

    const { image } = { ...bed.aRequest(), ...fromSnapshot(bed, snapshotId) };

    expect(await bed.can.resolveImage(image)).toBe(snapshotId);
  });

  test('cannot be launched from once it was deleted: invalid or not-found, and nothing is started', {}, async (bed) => {
    const { providerId } = await bed.launchFor('snapshot');
    const { snapshotId } = await untilAvailable(bed, await bed.can.snapshot(providerId, aSnapshot()));
    await bed.can.deleteSnapshot(snapshotId);
    await bed.end(providerId);

    const refusal = await bed.launchOne(fromSnapshot(bed, snapshotId)).then(() => null, kindOf);

    expect(['invalid', 'not-found']).toContain(refusal);
    expect(await bed.alive()).toEqual([]);
  });
}

function aSnapshot() {
  return { name: 'conformance', token: randomUUID() };
}

function fromSnapshot(bed: Bed, providerImageId: string): Partial<LaunchRequest> {
  return { image: { ...bed.aRequest().image, providerImageId } };
}

async function found(bed: Bed, snapshotId: string): Promise<ProviderSnapshot | undefined> {
  return (await bed.can.describeSnapshots([snapshotId])).get(snapshotId);
}

async function untilAvailable(bed: Bed, { snapshotId }: ProviderSnapshot): Promise<ProviderSnapshot> {
  return bed.until('an available snapshot', async () => {
    const seen = await found(bed, snapshotId);
    if (seen?.state === 'error') throw new Error(`snapshot ${snapshotId} has failed`);
    return seen?.state === 'available' ? seen : undefined;
  });
}
