import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import type { LaunchRequest } from '../../launch.js';
import { type Bed, fixedAddressesOf, type Launched, refusalOf } from '../bed.js';
import type { Declare, Suite, TestNeeds } from '../suite.js';
import { refusesAsAll } from './common.js';

const VOLUMES: TestNeeds = { needs: ['volumes'] };

/** A machine that was launched for it ends up running from the volume, whatever came in between. */
export function bootFromVolumeSuite(suite: Suite): void {
  suite.ability('bootFromVolume', ['bootFromVolume', 'attachVolume'], (test) => {
    boots(test);
    repeats(test);
    refuses(test);
    refusesAsAll(
      (sentence, needs, body) => test(sentence, { ...needs, needs: [...(needs.needs ?? []), 'volumes'] }, body),
      'bootFromVolume',
      async (bed, providerId, options) => {
        const providerVolumeId = await bed.aVolume(await someZone(bed));
        return bed.can.bootFromVolume(providerId, { providerVolumeId, launch: await bed.frozen(waiting(bed, {})) }, options);
      },
    );
  });
}

function boots(test: Declare): void {
  test('runs from the volume: same id, zone and fixed addresses', VOLUMES, async (bed) => {
    const { launched, boot } = await aWaitingMachine(bed);
    const { providerId, zone } = launched.machine;
    const before = await bed.observed(providerId);

    await bed.finish(boot);

    const after = await bed.observed(providerId);
    expect(after).toMatchObject({ state: 'running', zone });
    expect(fixedAddressesOf(after)).toEqual(fixedAddressesOf(before));
    expect(await bed.alive()).toHaveLength(1);
  });

  test('leaves the volume behind when the machine ends, and nothing else', VOLUMES, async (bed) => {
    const { launched, boot, providerVolumeId } = await aWaitingMachine(bed);
    await bed.finish(boot);
    const { zone } = launched.machine;

    await bed.end(launched.machine.providerId);

    const { machine } = await bed.launchRunning({ zone });
    const volume = { volumeId: randomUUID(), providerVolumeId, deviceName: null };
    await bed.finish(async () => {
      await bed.can.attachVolume(machine.providerId, volume);
      return 'done';
    });
  });

  test('stops and starts again with the volume', VOLUMES, async (bed) => {
    const { launched, boot } = await aWaitingMachine(bed);
    const { providerId } = launched.machine;
    await bed.finish(boot);

    await bed.stop(providerId);
    await bed.provider.start(providerId);

    await bed.settle(providerId, 'running');
    expect(await boot()).toBe('done');
  });
}

function repeats(test: Declare): void {
  test('is done again when it is repeated', VOLUMES, async (bed) => {
    const { boot } = await aWaitingMachine(bed);
    await bed.finish(boot);

    expect(await boot()).toBe('done');
  });

  test('ends on the volume when replies are lost and it is repeated', { needs: ['volumes', 'faults'] }, async (bed) => {
    const { launched, boot } = await aWaitingMachine(bed);
    await bed.fault({ on: 'bootFromVolume', when: 'after', error: 'connection-reset', times: 2 });

    await bed.finish(boot);

    await bed.settle(launched.machine.providerId, 'running');
  });

  test('is finished by a replica after a crash between its steps', {
    needs: ['volumes', 'replicas', 'pace'],
    make: { pace: 'slow' },
  }, async (bed) => {
    const { launched, boot, providerVolumeId } = await aWaitingMachine(bed);
    const { providerId } = launched.machine;
    expect(await boot()).toBe('under-way');

    const replica = bed.canDo(await bed.replica());
    await bed.finish(() => replica.bootFromVolume(providerId, { providerVolumeId, launch: launched.launch }));

    expect(await bed.observed(providerId)).toMatchObject({ state: 'running' });
  });
}

function refuses(test: Declare): void {
  test('says conflict for a volume that is in use, and the machine runs on', VOLUMES, async (bed) => {
    const { launched, providerVolumeId, boot } = await aWaitingMachine(bed);
    const holder = (await bed.launchRunning({ zone: launched.machine.zone })).machine;
    await bed.can.attachVolume(holder.providerId, { volumeId: randomUUID(), providerVolumeId, deviceName: null });

    expect(await refusalOf(boot())).toBe('conflict');
    expect(await bed.observed(launched.machine.providerId)).toMatchObject({ state: 'running' });
  });

  test('says invalid for a volume in another zone', VOLUMES, async (bed) => {
    const { launched } = await aWaitingMachine(bed);
    const { machine, launch } = launched;
    const others = (await bed.provider.shape()).zones.filter(({ name }) => name !== machine.zone);
    if (others.length === 0) throw new Error('a single zone: declare this test in "skip"');

    for (const { name } of others) {
      const providerVolumeId = await bed.aVolume(name);
      expect(await refusalOf(bed.can.bootFromVolume(machine.providerId, { providerVolumeId, launch }))).toBe('invalid');
    }
  });

  test('says not-found for an unknown volume, and that it is about a volume', VOLUMES, async (bed) => {
    const { machine, launch } = (await aWaitingMachine(bed)).launched;
    const boot = { providerVolumeId: bed.unknownVolumeId, launch };

    const refusal: unknown = await bed.can.bootFromVolume(machine.providerId, boot).catch((error: unknown) => error);

    expect(refusal).toMatchObject({ kind: 'not-found', subject: 'volume' });
  });
}

interface Waiting {
  readonly launched: Launched;
  readonly providerVolumeId: string;
  readonly boot: () => ReturnType<Bed['can']['bootFromVolume']>;
}

/** A running machine that was launched to boot from a volume, and that volume, in its zone. */
async function aWaitingMachine(bed: Bed): Promise<Waiting> {
  const volumesZone = await someZone(bed);
  const providerVolumeId = await bed.aVolume(volumesZone);
  const launched = await bed.launchRunning(waiting(bed, { volumesZone }));
  const { machine, launch } = launched;
  return { launched, providerVolumeId, boot: () => bed.can.bootFromVolume(machine.providerId, { providerVolumeId, launch }) };
}

/** As nova describes the volume's image: by its properties, without an id. */
function waiting(bed: Bed, more: Partial<LaunchRequest>): LaunchRequest {
  const { image, ...request } = bed.aRequest();
  const rootDisk = { source: 'volume', sizeGb: null, isKept: true } as const;
  return { ...request, image: { ...image, id: null }, rootDisk, ...more };
}

async function someZone(bed: Bed): Promise<string> {
  return (await bed.provider.shape()).zones[0]?.name ?? '';
}
