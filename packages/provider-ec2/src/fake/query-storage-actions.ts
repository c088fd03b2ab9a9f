import type { FakeEc2 } from './fake-ec2.js';
import { type Query, readFilters, readTags } from './query.js';
import type { XmlTree } from './xml.js';
import { importTaskXml, snapshotXml, taskXml, volumeXml } from './xml-storage-views.js';

type Action = (fake: FakeEc2, query: Query) => Promise<XmlTree>;

const DONE: XmlTree = { return: true };

/** The Query actions on volumes, images and snapshots. */
export const storageActions: Readonly<Record<string, Action>> = {
  async DescribeVolumes(fake, query) {
    const volumes = await fake.describeVolumes({ ids: query.list('VolumeId'), filters: readFilters(query) });
    return { volumeSet: volumes.map(volumeXml) };
  },
  /** Not of the port: volumes are made by the volume service. */
  async CreateVolume(fake, query) {
    const volume = {
      zone: query.require('AvailabilityZone'),
      sizeGb: query.integer('Size') ?? 1,
      tags: readTags(query, 'volume'),
    };
    const made = await fake.describeVolumes({ ids: [fake.addVolume(volume)] });
    return made.map(volumeXml)[0] ?? {};
  },
  async AttachVolume(fake, query) {
    const [volumeId, instanceId, device] = [query.require('VolumeId'), query.require('InstanceId'), query.require('Device')];
    await fake.attachVolume({ volumeId, instanceId, device });
    return { volumeId, instanceId, device, status: 'attaching' };
  },
  async DetachVolume(fake, query) {
    const [volumeId, instanceId] = [query.require('VolumeId'), query.require('InstanceId')];
    await fake.detachVolume({ volumeId, instanceId });
    return { volumeId, instanceId, status: 'detaching' };
  },
  async DeleteVolume(fake, query) {
    await fake.deleteVolume(query.require('VolumeId'));
    return DONE;
  },
  async CreateImage(fake, query) {
    const description = query.get('Description');
    const omitted = query.structures('BlockDeviceMapping').filter((mapping) => mapping.get('NoDevice') !== undefined);
    return fake.createImage({
      instanceId: query.require('InstanceId'),
      name: query.require('Name'),
      noReboot: query.isTrue('NoReboot'),
      omitDevices: omitted.map((mapping) => mapping.require('DeviceName')),
      tags: readTags(query, 'image'),
      ...(description === undefined ? {} : { description }),
    });
  },
  async DeregisterImage(fake, query) {
    await fake.deregisterImage(query.require('ImageId'));
    return DONE;
  },
  async DescribeSnapshots(fake, query) {
    return { snapshotSet: (await fake.describeSnapshots({ filters: readFilters(query) })).map(snapshotXml) };
  },
  async DeleteSnapshot(fake, query) {
    await fake.deleteSnapshot(query.require('SnapshotId'));
    return DONE;
  },
  async ImportSnapshot(fake, query) {
    const disk = query.under('DiskContainer');
    const { taskId } = await fake.importSnapshot({
      bucket: disk.under('UserBucket').require('S3Bucket'),
      key: disk.under('UserBucket').require('S3Key'),
      format: disk.require('Format'),
      clientToken: query.require('ClientToken'),
      encrypted: query.isTrue('Encrypted'),
      tags: readTags(query, 'import-snapshot-task'),
    });
    return { importTaskId: taskId };
  },
  async DescribeImportSnapshotTasks(fake) {
    return { importSnapshotTaskSet: (await fake.describeImportSnapshotTasks()).map(importTaskXml) };
  },
  async RegisterImage(fake, query) {
    const [root] = query.structures('BlockDeviceMapping').map((mapping) => mapping.under('Ebs'));
    return fake.registerImage({
      name: query.require('Name'),
      snapshotId: root?.require('SnapshotId') ?? '',
      architecture: query.require('Architecture'),
      rootDeviceName: query.require('RootDeviceName'),
      volumeType: root?.get('VolumeType') ?? 'gp3',
      tags: readTags(query, 'image'),
    });
  },
  async CreateReplaceRootVolumeTask(fake, query) {
    const task = await fake.createReplaceRootVolumeTask({
      instanceId: query.require('InstanceId'),
      imageId: query.require('ImageId'),
      clientToken: query.require('ClientToken'),
      deleteReplacedRootVolume: query.isTrue('DeleteReplacedRootVolume'),
      tags: readTags(query, 'replace-root-volume-task'),
    });
    return { replaceRootVolumeTask: taskXml(task) };
  },
  async DescribeReplaceRootVolumeTasks(fake, query) {
    const ids = readFilters(query)['instance-id'] ?? [];
    const found = await Promise.all(ids.map((id) => fake.describeReplaceRootVolumeTasks(id)));
    return { replaceRootVolumeTaskSet: found.flat().map(taskXml) };
  },
};
