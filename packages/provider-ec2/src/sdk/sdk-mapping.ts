import type {
  AvailabilityZone,
  Filter,
  Image,
  Instance,
  InstanceNetworkInterface,
  InstanceTypeInfo,
  Reservation,
  SpotPrice,
  Subnet,
  Tag,
} from '@aws-sdk/client-ec2';
import type {
  Ec2BlockDevice,
  Ec2Image,
  Ec2Instance,
  Ec2InstanceType,
  Ec2NetworkInterface,
  Ec2SpotPricePage,
  Ec2StateName,
  Ec2Subnet,
  Ec2Zone,
} from '../ports/ec2-api.js';

/** Root size of an AMI that does not tell, in GiB: what EC2 gives by default. */
const DEFAULT_ROOT_GB = 8;

export function toFilters(filters: Readonly<Record<string, readonly string[]>> | undefined): Filter[] | undefined {
  if (!filters) return undefined;
  return Object.entries(filters).map(([Name, values]) => ({ Name, Values: [...values] }));
}

export function toInstances({ Instances, OwnerId }: Reservation): readonly Ec2Instance[] {
  return (Instances ?? []).map((instance) => ({ ...toInstance(instance), ...(OwnerId ? { ownerId: OwnerId } : {}) }));
}

export function toInstance(from: Instance): Ec2Instance {
  const { StateReason: reason } = from;
  return {
    instanceId: from.InstanceId ?? '',
    state: (from.State?.Name ?? 'pending') as Ec2StateName,
    instanceType: from.InstanceType ?? '',
    availabilityZone: from.Placement?.AvailabilityZone ?? '',
    launchIndex: from.AmiLaunchIndex ?? 0,
    interfaces: byDeviceIndex(from.NetworkInterfaces ?? []).map(toInterface),
    tags: toTags(from.Tags),
    blockDevices: toBlockDevices(from),
    market: from.InstanceLifecycle === 'spot' ? 'spot' : 'on-demand',
    hibernationConfigured: from.HibernationOptions?.Configured ?? false,
    ...(reason?.Code || reason?.Message ? { stateReason: reasonText(reason) } : {}),
    ...(from.LaunchTime ? { launchTime: from.LaunchTime.toISOString() } : {}),
    ...(from.ClientToken ? { clientToken: from.ClientToken } : {}),
    ...(from.RootDeviceName ? { rootDeviceName: from.RootDeviceName } : {}),
    ...(from.PrivateIpAddress ? { privateIpAddress: from.PrivateIpAddress } : {}),
    ...(from.PublicIpAddress ? { publicIpAddress: from.PublicIpAddress } : {}),
    ...(from.SubnetId ? { subnetId: from.SubnetId } : {}),
    ...(from.VpcId ? { vpcId: from.VpcId } : {}),
    ...(from.ImageId ? { imageId: from.ImageId } : {}),
    ...(/^windows/i.test(from.Platform ?? '') ? { platform: 'windows' } : {}),
    ...(from.Architecture ? { architecture: from.Architecture } : {}),
    ...(from.VirtualizationType ? { virtualizationType: from.VirtualizationType } : {}),
    ...(from.EnaSupport === undefined ? {} : { enaSupport: from.EnaSupport }),
  };
}

export function toTags(tags: readonly Tag[] | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries((tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']));
}

function toBlockDevices({ BlockDeviceMappings }: Instance): readonly Ec2BlockDevice[] {
  return (BlockDeviceMappings ?? []).flatMap(({ DeviceName, Ebs }) =>
    Ebs?.VolumeId
      ? {
          deviceName: DeviceName ?? '',
          volumeId: Ebs.VolumeId,
          status: Ebs.Status ?? 'attached',
          deleteOnTermination: Ebs.DeleteOnTermination ?? false,
        }
      : [],
  );
}

/** EC2's message mostly repeats its code. */
function reasonText({ Code = '', Message = '' }: { Code?: string | undefined; Message?: string | undefined }): string {
  return Message.startsWith(Code) ? Message : `${Code}: ${Message}`;
}

/** EC2 promises no order. */
function byDeviceIndex(interfaces: readonly InstanceNetworkInterface[]): readonly InstanceNetworkInterface[] {
  const indexOf = ({ Attachment }: InstanceNetworkInterface) => Attachment?.DeviceIndex ?? 0;
  return [...interfaces].sort((a, b) => indexOf(a) - indexOf(b));
}

function toInterface(from: InstanceNetworkInterface): Ec2NetworkInterface {
  return {
    id: from.NetworkInterfaceId ?? '',
    mac: from.MacAddress ?? '',
    subnetId: from.SubnetId ?? '',
    privateAddresses: (from.PrivateIpAddresses ?? []).flatMap(({ PrivateIpAddress: address, Association }) =>
      address ? [{ address, ...(Association?.PublicIp ? { publicAddress: Association.PublicIp } : {}) }] : [],
    ),
    ipv6Addresses: (from.Ipv6Addresses ?? []).flatMap(({ Ipv6Address }) => Ipv6Address ?? []),
  };
}

export function toInstanceType(from: InstanceTypeInfo): Ec2InstanceType {
  const { FpgaInfo, InferenceAcceleratorInfo, MediaAcceleratorInfo, NeuronInfo } = from;
  const special = [FpgaInfo, InferenceAcceleratorInfo, MediaAcceleratorInfo, NeuronInfo].filter((info) => info !== undefined);
  return {
    instanceType: from.InstanceType ?? '',
    vcpus: from.VCpuInfo?.DefaultVCpus ?? 0,
    memoryMb: from.MemoryInfo?.SizeInMiB ?? 0,
    architectures: from.ProcessorInfo?.SupportedArchitectures ?? [],
    gpus: (from.GpuInfo?.Gpus ?? []).reduce((sum, { Count }) => sum + (Count ?? 0), 0),
    accelerators: special.length,
    bareMetal: from.BareMetal ?? false,
    currentGeneration: from.CurrentGeneration ?? false,
    burstable: from.BurstablePerformanceSupported ?? false,
    hibernationSupported: from.HibernationSupported ?? false,
    usageClasses: from.SupportedUsageClasses ?? [],
    ...(from.NetworkInfo?.EnaSupport ? { enaSupport: from.NetworkInfo.EnaSupport } : {}),
    ...(from.NetworkInfo?.MaximumNetworkInterfaces === undefined
      ? {}
      : { maxInterfaces: from.NetworkInfo.MaximumNetworkInterfaces }),
    ...(from.SupportedVirtualizationTypes ? { virtualizationTypes: from.SupportedVirtualizationTypes } : {}),
  };
}

/** Rows without a price are left out. */
export function toSpotPrice({ InstanceType, AvailabilityZone, SpotPrice: text }: SpotPrice): Ec2SpotPricePage['prices'] {
  const usd = Number(text);
  return InstanceType && AvailabilityZone && usd > 0 ? [{ instanceType: InstanceType, zone: AvailabilityZone, usd }] : [];
}

export function toImage(from: Image): Ec2Image {
  const rootDeviceName = from.RootDeviceName ?? '/dev/sda1';
  const root = (from.BlockDeviceMappings ?? []).find(({ DeviceName }) => DeviceName === rootDeviceName);
  return {
    imageId: from.ImageId ?? '',
    name: from.Name ?? '',
    architecture: from.Architecture ?? 'x86_64',
    rootDeviceName,
    rootSizeGb: root?.Ebs?.VolumeSize ?? DEFAULT_ROOT_GB,
    state: from.State ?? 'available',
    creationDate: from.CreationDate ?? '',
    snapshots: (from.BlockDeviceMappings ?? []).flatMap(({ Ebs }) =>
      Ebs?.SnapshotId ? { snapshotId: Ebs.SnapshotId, sizeGb: Ebs.VolumeSize ?? 0 } : [],
    ),
    tags: toTags(from.Tags),
    ...(/^windows/i.test(from.Platform ?? '') ? { platform: 'windows' } : {}),
  };
}

export function toZone({ ZoneName, ZoneId, State }: AvailabilityZone): Ec2Zone {
  return { name: ZoneName ?? '', available: State === 'available', ...(ZoneId ? { zoneId: ZoneId } : {}) };
}

export function toSubnet(from: Subnet): Ec2Subnet {
  return {
    subnetId: from.SubnetId ?? '',
    vpcId: from.VpcId ?? '',
    zone: from.AvailabilityZone ?? '',
    cidr: from.CidrBlock ?? '',
    freeAddresses: from.AvailableIpAddressCount ?? 0,
    name: from.Tags?.find(({ Key }) => Key === 'Name')?.Value ?? null,
    ...((from.Ipv6CidrBlockAssociationSet ?? []).length > 0 ? { hasIpv6: true } : {}),
  };
}
