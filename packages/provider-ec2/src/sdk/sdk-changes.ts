import {
  AssignPrivateIpAddressesCommand,
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeInstanceStatusCommand,
  type EC2Client,
  ModifyInstanceAttributeCommand,
  type ModifyInstanceAttributeRequest,
  UnassignPrivateIpAddressesCommand,
} from '@aws-sdk/client-ec2';
import type { Ec2AttributeChange, Ec2ChangeApi } from '../ports/ec2-change-api.js';
import { toSdkTags } from './sdk-run-instances.js';
import { send } from './sdk-send.js';

/** {@link Ec2ChangeApi} on the AWS SDK. */
export function changeCalls(client: EC2Client): Ec2ChangeApi {
  return {
    async modifyInstanceAttribute(id, change, options) {
      const command = new ModifyInstanceAttributeCommand({ InstanceId: id, ...toAttribute(change) });
      await send(options, (http) => client.send(command, http));
    },
    async createTags(resourceIds, tags, options) {
      const command = new CreateTagsCommand({ Resources: [...resourceIds], Tags: toSdkTags(tags) });
      await send(options, (http) => client.send(command, http));
    },
    async deleteTags(resourceIds, keys, options) {
      const command = new DeleteTagsCommand({ Resources: [...resourceIds], Tags: keys.map((Key) => ({ Key })) });
      await send(options, (http) => client.send(command, http));
    },
    async assignPrivateIpAddresses({ networkInterfaceId, count }, options) {
      const command = new AssignPrivateIpAddressesCommand({
        NetworkInterfaceId: networkInterfaceId,
        SecondaryPrivateIpAddressCount: count,
      });
      await send(options, (http) => client.send(command, http));
    },
    async unassignPrivateIpAddresses({ networkInterfaceId, addresses }, options) {
      const command = new UnassignPrivateIpAddressesCommand({
        NetworkInterfaceId: networkInterfaceId,
        PrivateIpAddresses: [...addresses],
      });
      await send(options, (http) => client.send(command, http));
    },
    async describeInstanceStatus(ids, options) {
      const command = new DescribeInstanceStatusCommand({ InstanceIds: [...ids] });
      const { InstanceStatuses } = await send(options, (http) => client.send(command, http));
      return (InstanceStatuses ?? []).map(({ InstanceId, InstanceStatus, SystemStatus }) => ({
        instanceId: InstanceId ?? '',
        instanceStatus: InstanceStatus?.Status ?? 'insufficient-data',
        systemStatus: SystemStatus?.Status ?? 'insufficient-data',
      }));
    },
  };
}

function toAttribute(change: Ec2AttributeChange): Partial<ModifyInstanceAttributeRequest> {
  if ('instanceType' in change) return { InstanceType: { Value: change.instanceType } };
  if ('disableApiTermination' in change) return { DisableApiTermination: { Value: change.disableApiTermination } };
  // A blob, which the SDK encodes by itself, where RunInstances takes the encoded text.
  if ('userData' in change) return { UserData: { Value: Buffer.from(change.userData, 'base64') } };
  const { deviceName, volumeId, deleteOnTermination } = change.blockDevice;
  return {
    BlockDeviceMappings: [{ DeviceName: deviceName, Ebs: { VolumeId: volumeId, DeleteOnTermination: deleteOnTermination } }],
  };
}
