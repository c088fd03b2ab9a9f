import {
  AttachVolumeCommand,
  CreateImageCommand,
  CreateReplaceRootVolumeTaskCommand,
  DeleteSnapshotCommand,
  DeleteVolumeCommand,
  DeregisterImageCommand,
  DescribeReplaceRootVolumeTasksCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  DetachVolumeCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import type { Ec2StorageApi } from '../ports/ec2-storage-api.js';
import { importCalls } from './sdk-import.js';
import { toFilters } from './sdk-mapping.js';
import { toSdkTags } from './sdk-run-instances.js';
import { send } from './sdk-send.js';
import { toSnapshot, toTask, toVolume } from './sdk-storage-mapping.js';

/** {@link Ec2StorageApi} on the AWS SDK. */
export function storageCalls(client: EC2Client): Ec2StorageApi {
  return { ...volumeCalls(client), ...imageCalls(client), ...rootVolumeCalls(client), ...importCalls(client) };
}

type VolumeCalls = Pick<Ec2StorageApi, 'describeVolumes' | 'attachVolume' | 'detachVolume' | 'deleteVolume'>;

function volumeCalls(client: EC2Client): VolumeCalls {
  return {
    async describeVolumes({ ids, filters }, options) {
      const command = new DescribeVolumesCommand({ VolumeIds: ids && [...ids], Filters: toFilters(filters) });
      const { Volumes } = await send(options, (http) => client.send(command, http));
      return (Volumes ?? []).map(toVolume);
    },
    async attachVolume({ volumeId, instanceId, device }, options) {
      const command = new AttachVolumeCommand({ VolumeId: volumeId, InstanceId: instanceId, Device: device });
      await send(options, (http) => client.send(command, http));
    },
    async detachVolume({ volumeId, instanceId }, options) {
      const command = new DetachVolumeCommand({ VolumeId: volumeId, InstanceId: instanceId });
      await send(options, (http) => client.send(command, http));
    },
    async deleteVolume(volumeId, options) {
      await send(options, (http) => client.send(new DeleteVolumeCommand({ VolumeId: volumeId }), http));
    },
  };
}

type ImageCalls = Pick<Ec2StorageApi, 'createImage' | 'deregisterImage' | 'describeSnapshots' | 'deleteSnapshot'>;

function imageCalls(client: EC2Client): ImageCalls {
  return {
    async createImage({ instanceId, name, description, noReboot, omitDevices, tags }, options) {
      const command = new CreateImageCommand({
        InstanceId: instanceId,
        Name: name,
        NoReboot: noReboot,
        TagSpecifications: (['image', 'snapshot'] as const).map((ResourceType) => ({ ResourceType, Tags: toSdkTags(tags) })),
        ...(description === undefined ? {} : { Description: description }),
        ...(omitDevices.length === 0
          ? {}
          : { BlockDeviceMappings: omitDevices.map((DeviceName) => ({ DeviceName, NoDevice: '' })) }),
      });
      const { ImageId } = await send(options, (http) => client.send(command, http));
      return { imageId: ImageId ?? '' };
    },
    async deregisterImage(imageId, options) {
      await send(options, (http) => client.send(new DeregisterImageCommand({ ImageId: imageId }), http));
    },
    async describeSnapshots({ filters }, options) {
      const command = new DescribeSnapshotsCommand({ OwnerIds: ['self'], Filters: toFilters(filters) });
      const { Snapshots } = await send(options, (http) => client.send(command, http));
      return (Snapshots ?? []).map(toSnapshot);
    },
    async deleteSnapshot(snapshotId, options) {
      await send(options, (http) => client.send(new DeleteSnapshotCommand({ SnapshotId: snapshotId }), http));
    },
  };
}

type RootVolumeCalls = Pick<Ec2StorageApi, 'createReplaceRootVolumeTask' | 'describeReplaceRootVolumeTasks'>;

function rootVolumeCalls(client: EC2Client): RootVolumeCalls {
  return {
    async createReplaceRootVolumeTask({ instanceId, imageId, clientToken, deleteReplacedRootVolume, tags }, options) {
      const command = new CreateReplaceRootVolumeTaskCommand({
        InstanceId: instanceId,
        ImageId: imageId,
        ClientToken: clientToken,
        DeleteReplacedRootVolume: deleteReplacedRootVolume,
        TagSpecifications: [{ ResourceType: 'replace-root-volume-task', Tags: toSdkTags(tags) }],
      });
      const { ReplaceRootVolumeTask } = await send(options, (http) => client.send(command, http));
      return toTask(ReplaceRootVolumeTask ?? {});
    },
    async describeReplaceRootVolumeTasks(instanceId, options) {
      const command = new DescribeReplaceRootVolumeTasksCommand({ Filters: toFilters({ 'instance-id': [instanceId] }) });
      const { ReplaceRootVolumeTasks } = await send(options, (http) => client.send(command, http));
      return (ReplaceRootVolumeTasks ?? []).map(toTask);
    },
  };
}
