import type { ReplaceRootVolumeTask, Snapshot, Volume } from '@aws-sdk/client-ec2';
import type { Ec2ReplaceRootVolumeTask, Ec2Snapshot, Ec2Volume } from '../ports/ec2-storage-api.js';
import { toTags } from './sdk-mapping.js';

export function toVolume(from: Volume): Ec2Volume {
  return {
    volumeId: from.VolumeId ?? '',
    zone: from.AvailabilityZone ?? '',
    sizeGb: from.Size ?? 0,
    state: from.State ?? 'available',
    attachments: (from.Attachments ?? []).map(({ InstanceId, Device, State }) => ({
      instanceId: InstanceId ?? '',
      device: Device ?? '',
      state: State ?? 'attached',
    })),
    tags: toTags(from.Tags),
  };
}

export function toSnapshot(from: Snapshot): Ec2Snapshot {
  const progress = Number.parseInt(from.Progress ?? '', 10);
  return {
    snapshotId: from.SnapshotId ?? '',
    description: from.Description ?? '',
    state: from.State ?? 'pending',
    sizeGb: from.VolumeSize ?? 0,
    tags: toTags(from.Tags),
    ...(Number.isNaN(progress) ? {} : { progress }),
  };
}

export function toTask(from: ReplaceRootVolumeTask): Ec2ReplaceRootVolumeTask {
  return {
    taskId: from.ReplaceRootVolumeTaskId ?? '',
    instanceId: from.InstanceId ?? '',
    state: from.TaskState ?? 'pending',
    tags: toTags(from.Tags),
  };
}
