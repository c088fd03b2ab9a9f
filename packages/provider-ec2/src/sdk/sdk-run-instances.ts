import type {
  BlockDeviceMapping,
  InstanceNetworkInterfaceSpecification,
  ResourceType,
  RunInstancesRequest,
  TagSpecification,
} from '@aws-sdk/client-ec2';
import type { Ec2DiskInput, Ec2InterfaceInput, Ec2Tags, RunInstancesInput } from '../ports/ec2-api.js';

/** RunInstances in the SDK's words. The client token is always ours: the SDK would invent a random one. */
export function toRunInstancesRequest(input: RunInstancesInput): RunInstancesRequest {
  return {
    ClientToken: input.clientToken,
    ImageId: input.imageId,
    InstanceType: input.instanceType as NonNullable<RunInstancesRequest['InstanceType']>,
    MinCount: input.minCount,
    MaxCount: input.maxCount,
    TagSpecifications: tagSpecifications(input),
    ...placement(input),
    ...(input.interfaces === undefined ? {} : { NetworkInterfaces: input.interfaces.map(toInterface) }),
    ...(input.subnetId === undefined ? {} : { SubnetId: input.subnetId }),
    ...(input.keyName === undefined ? {} : { KeyName: input.keyName }),
    ...(input.securityGroupIds === undefined ? {} : { SecurityGroupIds: [...input.securityGroupIds] }),
    ...(input.privateIpAddress === undefined ? {} : { PrivateIpAddress: input.privateIpAddress }),
    ...(input.iamInstanceProfile === undefined ? {} : { IamInstanceProfile: { Name: input.iamInstanceProfile } }),
    ...(input.userData === undefined ? {} : { UserData: input.userData }),
    ...(input.imdsV2Required ? { MetadataOptions: { HttpTokens: 'required', HttpEndpoint: 'enabled' } } : {}),
    ...(input.hibernation ? { HibernationOptions: { Configured: true } } : {}),
    ...(input.market === 'spot'
      ? { InstanceMarketOptions: { MarketType: 'spot', SpotOptions: { SpotInstanceType: 'one-time' } } }
      : {}),
    ...blockDevices(input),
  };
}

function placement({ availabilityZone, placementGroup }: RunInstancesInput): Pick<RunInstancesRequest, 'Placement'> {
  const where = {
    ...(availabilityZone === undefined ? {} : { AvailabilityZone: availabilityZone }),
    ...(placementGroup === undefined ? {} : { GroupName: placementGroup }),
  };
  return Object.keys(where).length === 0 ? {} : { Placement: where };
}

function toInterface(nic: Ec2InterfaceInput, index: number): InstanceNetworkInterfaceSpecification {
  return {
    DeviceIndex: index,
    SubnetId: nic.subnetId,
    DeleteOnTermination: true,
    ...(nic.securityGroupIds === undefined ? {} : { Groups: [...nic.securityGroupIds] }),
    ...(nic.privateIpAddress === undefined ? {} : { PrivateIpAddress: nic.privateIpAddress }),
    ...(nic.associatePublicIp === undefined ? {} : { AssociatePublicIpAddress: nic.associatePublicIp }),
  };
}

function blockDevices({ rootDevice, moreDevices = [] }: RunInstancesInput): Pick<RunInstancesRequest, 'BlockDeviceMappings'> {
  const devices = [...(rootDevice ? [rootDevice] : []), ...moreDevices];
  return devices.length === 0 ? {} : { BlockDeviceMappings: devices.map(toBlockDevice) };
}

function toBlockDevice({ deviceName, sizeGb, volumeType, encrypted, isKept }: Ec2DiskInput): BlockDeviceMapping {
  const ebs = {
    DeleteOnTermination: isKept !== true,
    VolumeSize: sizeGb,
    ...(volumeType === undefined ? {} : { VolumeType: volumeType as 'gp3' }),
    // "false" would be refused for an AMI whose snapshot is encrypted.
    ...(encrypted ? { Encrypted: true } : {}),
  };
  return { DeviceName: deviceName, Ebs: ebs };
}

function tagSpecifications({ tags, market }: RunInstancesInput): TagSpecification[] {
  const kinds: ResourceType[] = ['instance', 'volume', 'network-interface'];
  if (market === 'spot') kinds.push('spot-instances-request');
  return kinds.map((kind) => ({ ResourceType: kind, Tags: toSdkTags(tags) }));
}

/** In the order of their keys: a launch that was recorded as JSON must come back as the same request, or its token is refused. */
export function toSdkTags(tags: Ec2Tags): { Key: string; Value: string }[] {
  return Object.entries(tags)
    .map(([Key, Value]) => ({ Key, Value }))
    .sort((a, b) => (a.Key < b.Key ? -1 : 1));
}
