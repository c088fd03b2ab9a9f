import type { Ec2Image, Ec2InstanceType, Ec2SecurityGroup, Ec2SpotPricePage, Ec2Subnet, Ec2Zone } from '../ports/ec2-api.js';
import { catalogue } from './catalogue.js';

/** What a region holds before anybody has launched anything. */
export interface Region {
  readonly zones: readonly Ec2Zone[];
  /** `freeAddresses` is what the subnet starts with; the first of a zone is its default one. */
  readonly subnets: readonly Ec2Subnet[];
  readonly images: readonly (Ec2Image & { readonly owner: string })[];
  readonly types: readonly Ec2InstanceType[];
  /** Types that a zone lacks, by zone name. */
  readonly notOffered: Readonly<Record<string, readonly string[]>>;
  readonly securityGroups: readonly Ec2SecurityGroup[];
  /** What the spot market asks now. */
  readonly spotPrices: Ec2SpotPricePage['prices'];
}

const VPC_ID = 'vpc-0a1b2c3d4e5f60001';

/** AWS keeps five addresses of every subnet to itself (Amazon VPC: Subnet CIDR blocks). */
const RESERVED_ADDRESSES = 5;
const DEFAULT_SUBNET_ADDRESSES = 2 ** 12 - RESERVED_ADDRESSES;

function defaultSubnet(zone: string, index: number): Ec2Subnet {
  return {
    subnetId: `subnet-0a1b2c3d4e5f6000${index + 1}`,
    vpcId: VPC_ID,
    zone,
    cidr: `172.31.${16 * index}.0/20`,
    freeAddresses: DEFAULT_SUBNET_ADDRESSES,
    name: null,
  };
}

function image(index: number, name: string, architecture: string): Region['images'][number] {
  return {
    imageId: `ami-0a1b2c3d4e5f6000${index}`,
    name,
    architecture,
    rootDeviceName: name.startsWith('ubuntu') ? '/dev/sda1' : '/dev/xvda',
    rootSizeGb: 8,
    state: 'available',
    creationDate: '2024-01-01T00:00:00.000Z',
    snapshots: [{ snapshotId: `snap-0a1b2c3d4e5f6000${index}`, sizeGb: 8 }],
    tags: {},
    owner: 'amazon',
  };
}

/** About a third of the price on demand; each zone a little dearer than the one before. */
function spotPrice(
  zoneIndex: number,
  zone: string,
  { instanceType, vcpus }: Ec2InstanceType,
): Ec2SpotPricePage['prices'][number] {
  return { instanceType, zone, usd: Number((vcpus * (0.015 + 0.001 * zoneIndex)).toFixed(4)) };
}

const ZONES = ['us-east-1a', 'us-east-1b', 'us-east-1c'] as const;

/** One region of three zones, each with a default subnet; zone c lacks the arm and GPU types. */
export const defaultRegion: Region = {
  zones: ZONES.map((name, index) => ({ name, zoneId: `use1-az${index + 1}`, available: true })),
  subnets: ZONES.map(defaultSubnet),
  images: [
    image(1, 'amzn2-ami-hvm-x86_64-gp2', 'x86_64'),
    image(2, 'amzn2-ami-hvm-arm64-gp2', 'arm64'),
    image(3, 'ubuntu-jammy-22.04-amd64-server', 'x86_64'),
    image(4, 'ubuntu-jammy-22.04-arm64-server', 'arm64'),
  ],
  types: catalogue,
  notOffered: { [ZONES[2]]: ['g4dn.xlarge', 'm6g.medium', 'm6g.large', 'm6g.xlarge', 'm5.metal'] },
  securityGroups: [
    { groupId: 'sg-0a1b2c3d4e5f60001', name: 'default', vpcId: VPC_ID },
    { groupId: 'sg-0a1b2c3d4e5f60002', name: 'web', vpcId: VPC_ID },
  ],
  spotPrices: ZONES.flatMap((zone, index) => catalogue.map((type) => spotPrice(index, zone, type))),
};
