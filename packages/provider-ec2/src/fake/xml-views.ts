import type { Ec2Image, Ec2InstanceType, Ec2NetworkInterface, Ec2StateName, Ec2Subnet } from '../ports/ec2-api.js';
import type { FakeInstance } from './snapshot.js';
import type { XmlTree } from './xml.js';

/** AWS: InstanceState, code. */
const STATE_CODES: Readonly<Record<Ec2StateName, number>> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

export const stateXml = (state: Ec2StateName): XmlTree => ({ code: STATE_CODES[state], name: state });

/** The tags of a resource. */
export const tagSet = (tags: Readonly<Record<string, string>>): readonly XmlTree[] =>
  Object.entries(tags).map(([key, value]) => ({ key, value }));

/** One reservation, of these instances of it. */
export function reservationXml(instances: readonly FakeInstance[]): XmlTree {
  return { reservationId: instances[0]?.reservationId, ownerId: instances[0]?.ownerId, instancesSet: instances.map(instanceXml) };
}

function instanceXml(instance: FakeInstance): XmlTree {
  return {
    instanceId: instance.instanceId,
    imageId: instance.imageId,
    platform: instance.platform,
    instanceState: stateXml(instance.state),
    stateReason: instance.stateReason === undefined ? undefined : reasonXml(instance.stateReason),
    keyName: instance.keyName ?? undefined,
    amiLaunchIndex: instance.launchIndex,
    instanceType: instance.instanceType,
    launchTime: instance.launchTime,
    placement: { availabilityZone: instance.availabilityZone, tenancy: 'default' },
    subnetId: instance.subnetId,
    vpcId: instance.vpcId,
    privateIpAddress: instance.privateIpAddress,
    ipAddress: instance.publicIpAddress,
    groupSet: instance.securityGroupIds.map((groupId) => ({ groupId })),
    rootDeviceType: 'ebs',
    rootDeviceName: instance.rootDeviceName,
    blockDeviceMapping: instance.blockDevices.map(({ deviceName, ...ebs }) => ({ deviceName, ebs })),
    architecture: instance.architecture,
    virtualizationType: instance.virtualizationType,
    enaSupport: instance.enaSupport,
    hibernationOptions: { configured: instance.hibernationConfigured ?? false },
    instanceLifecycle: instance.market === 'spot' ? 'spot' : undefined,
    clientToken: instance.clientToken,
    tagSet: tagSet(instance.tags),
    networkInterfaceSet: instance.interfaces.map((nic, index) => ({ ...interfaceXml(nic), attachment: { deviceIndex: index } })),
  };
}

/** AWS repeats the code in the message. */
function reasonXml(reason: string): XmlTree {
  return { code: reason.slice(0, reason.indexOf(':')), message: reason };
}

function interfaceXml({ id, mac, subnetId, privateAddresses, ipv6Addresses }: Ec2NetworkInterface): XmlTree {
  return {
    networkInterfaceId: id,
    macAddress: mac,
    subnetId,
    status: 'in-use',
    privateIpAddress: privateAddresses[0]?.address,
    privateIpAddressesSet: privateAddresses.map(({ address, publicAddress }, index) => ({
      privateIpAddress: address,
      primary: index === 0,
      association: publicAddress === undefined ? undefined : { publicIp: publicAddress, ipOwnerId: 'amazon' },
    })),
    ipv6AddressesSet: ipv6Addresses.map((ipv6Address) => ({ ipv6Address })),
  };
}

export function typeXml(type: Ec2InstanceType): XmlTree {
  return {
    instanceType: type.instanceType,
    currentGeneration: type.currentGeneration,
    supportedUsageClasses: type.usageClasses,
    bareMetal: type.bareMetal,
    processorInfo: { supportedArchitectures: type.architectures },
    vCpuInfo: { defaultVCpus: type.vcpus },
    memoryInfo: { sizeInMiB: type.memoryMb },
    gpuInfo: type.gpus === 0 ? undefined : { gpus: [{ count: type.gpus }] },
    networkInfo: { enaSupport: type.enaSupport, maximumNetworkInterfaces: type.maxInterfaces },
    supportedVirtualizationTypes: type.virtualizationTypes,
    hibernationSupported: type.hibernationSupported,
    burstablePerformanceSupported: type.burstable,
  };
}

export function imageXml(image: Ec2Image): XmlTree {
  return {
    imageId: image.imageId,
    name: image.name,
    architecture: image.architecture,
    imageState: image.state,
    isPublic: true,
    creationDate: image.creationDate,
    rootDeviceType: 'ebs',
    rootDeviceName: image.rootDeviceName,
    virtualizationType: 'hvm',
    platform: image.platform,
    blockDeviceMapping: devicesXml(image),
    tagSet: tagSet(image.tags ?? {}),
  };
}

/** The root volume first. */
function devicesXml({ rootDeviceName, rootSizeGb, snapshots = [] }: Ec2Image): readonly XmlTree[] {
  const [root, ...others] = snapshots;
  return [
    { deviceName: rootDeviceName, ebs: { snapshotId: root?.snapshotId, volumeSize: rootSizeGb, volumeType: 'gp2' } },
    ...others.map(({ snapshotId, sizeGb }, index) => ({
      deviceName: `/dev/sd${String.fromCharCode('f'.charCodeAt(0) + index)}`,
      ebs: { snapshotId, volumeSize: sizeGb },
    })),
  ];
}

export function subnetXml(subnet: Ec2Subnet): XmlTree {
  return {
    subnetId: subnet.subnetId,
    state: 'available',
    vpcId: subnet.vpcId,
    availabilityZone: subnet.zone,
    cidrBlock: subnet.cidr,
    availableIpAddressCount: subnet.freeAddresses,
    ipv6CidrBlockAssociationSet: subnet.hasIpv6 === true ? [{ ipv6CidrBlock: '2001:db8::/64' }] : [],
    tagSet: subnet.name === null ? [] : [{ key: 'Name', value: subnet.name }],
  };
}
