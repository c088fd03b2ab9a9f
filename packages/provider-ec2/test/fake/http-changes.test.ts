import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { aLaunch, IMAGE_ID } from './builders.js';
import { type Served, served } from './http-builders.js';

describe('the port over HTTP: what changes things', () => {
  let server: Served;
  let id: string;
  let zone: string;

  beforeEach(async () => {
    server = await served();
    const [machine] = await server.port.runInstances(aLaunch());
    id = machine?.instanceId ?? '';
    zone = machine?.availabilityZone ?? '';
    await server.port.describeInstances({ ids: [id] });
  });
  afterEach(() => server.close());

  it('shows an instance as in memory, devices, drivers and hibernation included', async () => {
    const { port, fake } = server;

    expect((await port.describeInstances({ ids: [id] })).instances).toEqual(
      (await fake.describeInstances({ ids: [id] })).instances,
    );
  });

  it('changes types, tags and what ends with the machine', async () => {
    const { port, fake } = server;
    const [root] = fake.instance(id)?.blockDevices ?? [];
    const blockDevice = { deviceName: root?.deviceName ?? '', volumeId: root?.volumeId ?? '', deleteOnTermination: false };
    await port.modifyInstanceAttribute(id, { blockDevice });
    await port.stopInstances([id]);
    await port.modifyInstanceAttribute(id, { instanceType: 'm5.large' });
    await port.createTags([id, blockDevice.volumeId], { a: '1', b: '' });
    await port.deleteTags([id], ['a']);

    expect(fake.instance(id)).toMatchObject({ instanceType: 'm5.large', tags: { Name: 'web', b: '' } });
    expect(fake.instance(id)?.tags).not.toHaveProperty('a');
    expect(fake.volumes()).toMatchObject([{ deleteOnTermination: false }]);
    expect(await port.describeVolumes({ filters: { 'tag:a': ['1'] } })).toEqual(await fake.describeVolumes({}));
  });

  it('attaches, detaches and deletes volumes, assigns addresses, and tells health', async () => {
    const { port, fake } = server;
    const volumeId = fake.addVolume({ zone });
    await port.attachVolume({ volumeId, instanceId: id, device: '/dev/sdf' });
    expect(await port.describeVolumes({ ids: [volumeId] })).toMatchObject([
      { attachments: [{ device: '/dev/sdf', state: 'attached' }] },
    ]);
    await port.detachVolume({ volumeId, instanceId: id });
    await port.describeVolumes({});
    await port.deleteVolume(volumeId);
    expect(fake.volumes()).toHaveLength(1);

    const networkInterfaceId = fake.instance(id)?.interfaces[0]?.id ?? '';
    await port.assignPrivateIpAddresses({ networkInterfaceId, count: 1 });
    const addresses = fake.instance(id)?.interfaces[0]?.privateAddresses.map(({ address }) => address) ?? [];
    expect(addresses).toHaveLength(2);
    await port.unassignPrivateIpAddresses({ networkInterfaceId, addresses: addresses.slice(1) });
    expect(fake.instance(id)?.interfaces[0]?.privateAddresses).toHaveLength(1);
    expect(await port.describeInstanceStatus([id])).toEqual([{ instanceId: id, instanceStatus: 'ok', systemStatus: 'ok' }]);
  });

  it('makes images and replaces root volumes', async () => {
    const { port, fake } = server;
    const { imageId } = await port.createImage({
      ...{ instanceId: id, name: 'nightly', noReboot: true, omitDevices: ['/dev/sdz'], tags: { role: 'db' } },
    });
    const own = await port.describeImages({ owners: ['self'] });
    expect(own).toEqual(await fake.describeImages({ owners: ['self'] }));
    expect(await port.describeSnapshots({ filters: {} })).toEqual(fake.ebsSnapshots());
    await port.deregisterImage(imageId);
    await port.deleteSnapshot(fake.ebsSnapshots()[0]?.snapshotId ?? '');
    expect(fake.ebsSnapshots()).toEqual([]);

    const task = { instanceId: id, imageId: IMAGE_ID, clientToken: 'x', deleteReplacedRootVolume: true, tags: { step: 'y' } };
    const made = await port.createReplaceRootVolumeTask(task);
    expect(made).toMatchObject({ instanceId: id, tags: { step: 'y' } });
    expect(await port.describeReplaceRootVolumeTasks(id)).toMatchObject([{ taskId: made.taskId }]);
  });

  it('imports a disk and registers an image of it', async () => {
    const { port, fake } = server;
    const input = { bucket: 'b', key: 'k', format: 'RAW', clientToken: 't', encrypted: true, tags: { a: '1' } };

    const { taskId } = await port.importSnapshot(input);
    expect(await port.importSnapshot(input)).toMatchObject({ taskId });
    const [task] = await port.describeImportSnapshotTasks();
    expect(task).toEqual((await fake.describeImportSnapshotTasks())[0]);
    const { imageId } = await port.registerImage({
      ...{ name: 'imported', snapshotId: task?.snapshotId ?? '', architecture: 'arm64', tags: { Name: 'x' } },
      ...{ rootDeviceName: '/dev/sda1', volumeType: 'gp3', bootMode: 'uefi' },
    });

    expect((await port.describeImages({ ids: [imageId] }))[0]).toMatchObject({
      name: 'imported',
      architecture: 'arm64',
      tags: { Name: 'x' },
    });
  });
});
