import type { Ec2DiskInput, Ec2InterfaceInput, RunInstancesInput } from '../ports/ec2-api.js';
import { type Query, readTags } from './query.js';

/** The port's launch out of RunInstances' parameters; subnet, groups and address may stand at the top or in the first interface. */
export function readLaunch(query: Query): RunInstancesInput {
  return {
    clientToken: query.require('ClientToken'),
    imageId: query.require('ImageId'),
    instanceType: query.require('InstanceType'),
    minCount: query.integer('MinCount') ?? 0,
    maxCount: query.integer('MaxCount') ?? 0,
    market: query.under('InstanceMarketOptions').get('MarketType') === 'spot' ? 'spot' : 'on-demand',
    tags: readTags(query, 'instance'),
    ...present('availabilityZone', query.under('Placement').get('AvailabilityZone')),
    ...present('placementGroup', query.under('Placement').get('GroupName')),
    ...present('keyName', query.get('KeyName')),
    ...present(
      'iamInstanceProfile',
      query.under('IamInstanceProfile').get('Name') ?? query.under('IamInstanceProfile').get('Arn'),
    ),
    ...present('userData', query.get('UserData')),
    ...present('imdsV2Required', query.under('MetadataOptions').get('HttpTokens') === 'required' || undefined),
    ...present('hibernation', query.under('HibernationOptions').isTrue('Configured') || undefined),
    ...readNetwork(query),
    ...readDevices(query),
  };
}

function readNetwork(query: Query): Partial<RunInstancesInput> {
  const [face, ...others] = query.structures('NetworkInterface').map(readInterface);
  const isSpelledOut = others.length > 0 || face?.associatePublicIp !== undefined;
  if (face !== undefined && isSpelledOut) return { ...readTopNetwork(query), interfaces: [face, ...others] };
  return { ...face, ...readTopNetwork(query) };
}

function readTopNetwork(query: Query): Partial<RunInstancesInput> {
  const groups = query.list('SecurityGroupId');
  return {
    ...present('subnetId', query.get('SubnetId')),
    ...present('privateIpAddress', query.get('PrivateIpAddress')),
    ...present('securityGroupIds', groups.length > 0 ? groups : undefined),
  };
}

function readInterface(face: Query): Ec2InterfaceInput {
  const groups = face.list('SecurityGroupId');
  const wantsPublicIp = face.get('AssociatePublicIpAddress');
  return {
    subnetId: face.require('SubnetId'),
    ...present('privateIpAddress', face.get('PrivateIpAddress')),
    ...present('securityGroupIds', groups.length > 0 ? groups : undefined),
    ...(wantsPublicIp === undefined ? {} : { associatePublicIp: wantsPublicIp === 'true' }),
  };
}

/** The first mapping is the root device's. */
function readDevices(query: Query): Pick<RunInstancesInput, 'rootDevice' | 'moreDevices'> {
  const [root, ...more] = query.structures('BlockDeviceMapping').flatMap(readDevice);
  return { ...present('rootDevice', root), ...present('moreDevices', more.length > 0 ? more : undefined) };
}

function readDevice(mapping: Query): readonly Ec2DiskInput[] {
  const ebs = mapping.under('Ebs');
  const sizeGb = ebs.integer('VolumeSize');
  if (sizeGb === undefined) return [];
  const device = {
    ...{ deviceName: mapping.require('DeviceName'), sizeGb },
    ...present('volumeType', ebs.get('VolumeType')),
    ...(ebs.get('Encrypted') === undefined ? {} : { encrypted: ebs.isTrue('Encrypted') }),
    ...(ebs.get('DeleteOnTermination') === 'false' ? { isKept: true } : {}),
  };
  return [device];
}

function present<K extends keyof RunInstancesInput | 'volumeType', V>(name: K, value: V | undefined): { [key in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { [key in K]: V });
}
