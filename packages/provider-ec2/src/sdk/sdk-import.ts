import {
  type ArchitectureValues,
  DescribeImportSnapshotTasksCommand,
  type EC2Client,
  ImportSnapshotCommand,
  type ImportSnapshotTask,
  RegisterImageCommand,
  type VolumeType,
} from '@aws-sdk/client-ec2';
import type { Ec2ImportTask, Ec2StorageApi } from '../ports/ec2-storage-api.js';
import { toTags } from './sdk-mapping.js';
import { toSdkTags } from './sdk-run-instances.js';
import { send } from './sdk-send.js';

type ImportCalls = Pick<Ec2StorageApi, 'importSnapshot' | 'describeImportSnapshotTasks' | 'registerImage'>;

/** How images come in, on the AWS SDK. */
export function importCalls(client: EC2Client): ImportCalls {
  return {
    async importSnapshot({ bucket, key, format, clientToken, encrypted, tags }, options) {
      const command = new ImportSnapshotCommand({
        ClientToken: clientToken,
        DiskContainer: { Format: format, UserBucket: { S3Bucket: bucket, S3Key: key } },
        Encrypted: encrypted,
        TagSpecifications: [{ ResourceType: 'import-snapshot-task', Tags: toSdkTags(tags) }],
      });
      const { ImportTaskId } = await send(options, (http) => client.send(command, http));
      return { taskId: ImportTaskId ?? '' };
    },
    async describeImportSnapshotTasks(options) {
      const found: Ec2ImportTask[] = [];
      let next: string | undefined;
      do {
        const command = new DescribeImportSnapshotTasksCommand(next === undefined ? {} : { NextToken: next });
        const { ImportSnapshotTasks, NextToken } = await send(options, (http) => client.send(command, http));
        found.push(...(ImportSnapshotTasks ?? []).map(toImportTask));
        next = NextToken;
      } while (next);
      return found;
    },
    async registerImage({ name, snapshotId, architecture, rootDeviceName, volumeType, bootMode, tags }, options) {
      const Ebs = { SnapshotId: snapshotId, VolumeType: volumeType as VolumeType, DeleteOnTermination: true };
      const command = new RegisterImageCommand({
        Name: name,
        Architecture: architecture as ArchitectureValues,
        RootDeviceName: rootDeviceName,
        BlockDeviceMappings: [{ DeviceName: rootDeviceName, Ebs }],
        VirtualizationType: 'hvm',
        EnaSupport: true,
        TagSpecifications: [{ ResourceType: 'image', Tags: toSdkTags(tags) }],
        ...(bootMode === undefined ? {} : { BootMode: bootMode }),
      });
      const { ImageId } = await send(options, (http) => client.send(command, http));
      return { imageId: ImageId ?? '' };
    },
  };
}

function toImportTask({ ImportTaskId, SnapshotTaskDetail = {}, Tags }: ImportSnapshotTask): Ec2ImportTask {
  const { Status, StatusMessage, Progress, SnapshotId } = SnapshotTaskDetail;
  const progress = Number.parseInt(Progress ?? '', 10);
  return {
    taskId: ImportTaskId ?? '',
    state: Status ?? 'active',
    tags: toTags(Tags),
    ...(StatusMessage === undefined ? {} : { message: StatusMessage }),
    ...(Number.isNaN(progress) ? {} : { progress }),
    ...(SnapshotId === undefined ? {} : { snapshotId: SnapshotId }),
  };
}
