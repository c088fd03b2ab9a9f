import type {
  Ec2BlockDevice,
  Ec2Image,
  Ec2Instance,
  Ec2InstanceType,
  Ec2StateName,
  RunInstancesInput,
} from '../ports/ec2-api.js';
import type { Place } from './capacity.js';
import type { ExtraInterface } from './seats.js';
import type { Subnet } from './subnets.js';

/** An instance as the fake keeps it. */
export interface Machine {
  /** Order of birth; pages go by it. */
  readonly serial: number;
  readonly id: string;
  readonly reservationId: string;
  readonly launchIndex: number;
  readonly launch: RunInstancesInput;
  /** Changed while it is stopped. */
  type: Ec2InstanceType;
  /** Changed with its root volume. */
  image: Ec2Image;
  readonly rootDeviceName: string;
  tags: Ec2Instance['tags'];
  readonly subnet: Subnet;
  readonly privateIp: string;
  secondaryIps: readonly string[];
  /** Interfaces beside the first. */
  readonly moreInterfaces: readonly (ExtraInterface & { readonly id: string; readonly serial: number })[];
  readonly bornAt: number;
  launchedAt: number;
  state: Ec2StateName;
  /** What lagging reads still show. */
  previousState: Ec2StateName;
  changedAt: number;
  /** Grows with every change of state: a step planned before is void. */
  epoch: number;
  reason: string | undefined;
  publicIp: string | undefined;
  /** The elastic address of its first interface; in place of the other. */
  elasticIp: string | undefined;
  holdsRoom: boolean;
  consoleText: string | undefined;
  /** Encrypted, base64; empty: none. */
  passwordData: string;
  /** In place of its launch's. */
  laterUserData?: string;
  /** Its attribute disableApiTermination. */
  isProtected: boolean;
  /** Opens its serial console; not forgotten after a minute here. */
  serialKey: string | undefined;
}

export function placeOf(machine: Machine): Place {
  return { zone: machine.subnet.zone, type: machine.type, market: machine.launch.market };
}

/** What an account shows beside the machine itself. */
export interface Surroundings {
  readonly ownerId: string;
  readonly blockDevices: readonly Ec2BlockDevice[];
}

/** As EC2 describes it in this state. */
export function toInstance(machine: Machine, around: Surroundings, state: Ec2StateName = machine.state): Ec2Instance {
  return {
    instanceId: machine.id,
    ownerId: around.ownerId,
    state,
    instanceType: machine.type.instanceType,
    availabilityZone: machine.subnet.zone,
    launchTime: new Date(machine.launchedAt).toISOString(),
    launchIndex: machine.launchIndex,
    clientToken: machine.launch.clientToken,
    rootDeviceName: machine.rootDeviceName,
    tags: { ...machine.tags },
    blockDevices: around.blockDevices,
    imageId: machine.image.imageId,
    architecture: machine.image.architecture,
    virtualizationType: 'hvm',
    enaSupport: true,
    market: machine.launch.market,
    hibernationConfigured: machine.launch.hibernation === true,
    ...(machine.image.platform === undefined ? {} : { platform: machine.image.platform }),
    ...(machine.reason === undefined ? {} : { stateReason: machine.reason }),
    ...network(machine, state),
  };
}

/** A terminated instance has neither interfaces nor addresses (AWS: DescribeInstances shows none). */
function network(machine: Machine, state: Ec2StateName): Pick<Ec2Instance, 'interfaces'> & Partial<Ec2Instance> {
  if (state === 'terminated') return { interfaces: [] };
  const { subnet, privateIp } = machine;
  const publicIp = machine.elasticIp ?? machine.publicIp;
  return {
    privateIpAddress: privateIp,
    ...(publicIp === undefined ? {} : { publicIpAddress: publicIp }),
    subnetId: subnet.subnetId,
    vpcId: subnet.vpcId,
    interfaces: [
      {
        id: interfaceIdOf(machine),
        mac: macOf(machine.serial),
        subnetId: subnet.subnetId,
        privateAddresses: [
          { address: privateIp, ...(publicIp === undefined ? {} : { publicAddress: publicIp }) },
          ...machine.secondaryIps.map((address) => ({ address })),
        ],
        ipv6Addresses: [],
      },
      ...machine.moreInterfaces.map((extra) => ({
        id: extra.id,
        mac: macOf(extra.serial),
        subnetId: extra.subnet.subnetId,
        privateAddresses: [{ address: extra.address }],
        ipv6Addresses: [],
      })),
    ],
  };
}

/** A machine's first interface is named after it. */
export function interfaceIdOf({ id }: Machine): string {
  return id.replace('i-', 'eni-');
}

/** Locally administered, as EC2's are. */
function macOf(serial: number): string {
  const bytes = [24, 16, 8, 0].map((shift) => ((serial >>> shift) & 0xff).toString(16).padStart(2, '0'));
  return ['02', '42', ...bytes].join(':');
}
