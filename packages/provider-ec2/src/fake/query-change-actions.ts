import type { Ec2Tags } from '../ports/ec2-api.js';
import type { Ec2AttributeChange } from '../ports/ec2-change-api.js';
import { ec2Failure } from './failures.js';
import type { FakeEc2 } from './fake-ec2.js';
import type { Query } from './query.js';
import type { XmlTree } from './xml.js';
import { stateXml } from './xml-views.js';

type Action = (fake: FakeEc2, query: Query) => Promise<XmlTree>;

const DONE: XmlTree = { return: true };

function tagsOf(query: Query): Ec2Tags {
  return Object.fromEntries(query.structures('Tag').map((tag) => [tag.require('Key'), tag.get('Value') ?? '']));
}

function attributeOf(query: Query): Ec2AttributeChange {
  const instanceType = query.under('InstanceType').get('Value');
  const protection = query.under('DisableApiTermination').get('Value');
  if (protection !== undefined) return { disableApiTermination: protection === 'true' };
  const userData = query.under('UserData').get('Value');
  if (userData !== undefined) return { userData };
  const [mapping] = query.structures('BlockDeviceMapping');
  if ((instanceType === undefined) === (mapping === undefined))
    throw ec2Failure('InvalidParameterCombination', 'Exactly one attribute of those that this endpoint knows must be given');
  if (instanceType !== undefined) return { instanceType };
  const ebs = mapping?.under('Ebs');
  return {
    blockDevice: {
      deviceName: mapping?.require('DeviceName') ?? '',
      volumeId: ebs?.require('VolumeId') ?? '',
      deleteOnTermination: ebs?.get('DeleteOnTermination') !== 'false',
    },
  };
}

/** The Query actions that change what exists, and the instances' health. */
export const changeActions: Readonly<Record<string, Action>> = {
  async ModifyInstanceAttribute(fake, query) {
    await fake.modifyInstanceAttribute(query.require('InstanceId'), attributeOf(query));
    return DONE;
  },
  async CreateTags(fake, query) {
    await fake.createTags(query.list('ResourceId'), tagsOf(query));
    return DONE;
  },
  async DeleteTags(fake, query) {
    await fake.deleteTags(query.list('ResourceId'), Object.keys(tagsOf(query)));
    return DONE;
  },
  async AssignPrivateIpAddresses(fake, query) {
    const count = query.integer('SecondaryPrivateIpAddressCount') ?? 0;
    await fake.assignPrivateIpAddresses({ networkInterfaceId: query.require('NetworkInterfaceId'), count });
    return DONE;
  },
  async UnassignPrivateIpAddresses(fake, query) {
    const addresses = query.list('PrivateIpAddress');
    await fake.unassignPrivateIpAddresses({ networkInterfaceId: query.require('NetworkInterfaceId'), addresses });
    return DONE;
  },
  async DescribeInstanceStatus(fake, query) {
    const found = await fake.describeInstanceStatus(query.list('InstanceId'));
    return {
      instanceStatusSet: found.map(({ instanceId, instanceStatus, systemStatus }) => ({
        instanceId,
        instanceState: stateXml('running'),
        instanceStatus: { status: instanceStatus },
        systemStatus: { status: systemStatus },
      })),
    };
  },
};
