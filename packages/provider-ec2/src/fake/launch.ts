import type { Ec2Error, RunInstancesInput } from '../ports/ec2-api.js';
import type { Account } from './account.js';
import type { Place } from './capacity.js';
import { ec2Failure } from './failures.js';
import { type CheckedLaunch, checkLaunch } from './launch-checks.js';
import type { Machine } from './machine.js';
import { firstInterface, giveSeatBack, type Seat, takeSeat } from './seats.js';
import type { Subnet } from './subnets.js';

/** Room and addresses taken for machines in one subnet, and why there are no more of them. */
interface Space {
  readonly subnet: Subnet;
  readonly seats: readonly Seat[];
  readonly refusal: Ec2Error | undefined;
}

/**
 * RunInstances: the machines of this token if it was used before, else new ones: as many
 * as fit up to maxCount, none if fewer than minCount do. Without a zone the first default
 * subnet that fits is taken.
 */
export function runInstances(account: Account, input: RunInstancesInput): readonly Machine[] {
  const scope = tokenScope(account, input);
  const earlier = account.tokens.replay(input, scope);
  if (earlier !== undefined) return earlier;

  const checked = checkLaunch(input, account);
  const space = findSpace(account, input, checked);
  const machines = bear(account, { input, checked, space });
  account.tokens.record(input, scope, machines);
  return machines;
}

function tokenScope({ subnets }: Account, input: RunInstancesInput): string {
  const { subnetId } = firstInterface(input);
  if (subnetId !== undefined) return subnets.byId(subnetId).zone;
  return input.availabilityZone ?? 'region';
}

function findSpace(account: Account, input: RunInstancesInput, checked: CheckedLaunch): Space {
  let refusal: Ec2Error | undefined;
  for (const subnet of account.subnets.candidates(firstInterface(input).subnetId, input.availabilityZone)) {
    const space = takeSpace(account, { subnet, input, checked });
    if (space.seats.length >= input.minCount) return space;
    giveBack(account, space, placeIn(subnet, input, checked));
    refusal ??= space.refusal;
  }
  throw refusal ?? ec2Failure('InternalError', 'no subnet was looked at');
}

const placeIn = (subnet: Subnet, { market }: RunInstancesInput, { type }: CheckedLaunch): Place => ({
  zone: subnet.zone,
  type,
  market,
});

interface Attempt {
  readonly subnet: Subnet;
  readonly input: RunInstancesInput;
  readonly checked: CheckedLaunch;
}

function takeSpace(account: Account, { subnet, input, checked }: Attempt): Space {
  const seats: Seat[] = [];
  const place = placeIn(subnet, input, checked);
  let refusal = notOffered(account, place);
  while (refusal === undefined && seats.length < input.maxCount) {
    refusal = account.capacity.refusal(place);
    if (refusal !== undefined) break;
    const seat = takeSeat(account.subnets, subnet, input);
    if (!('address' in seat)) {
      refusal = seat;
      break;
    }
    account.capacity.take(place);
    seats.push(seat);
  }
  return { subnet, seats, refusal };
}

function notOffered({ region }: Account, { zone, type }: Place): Ec2Error | undefined {
  if (!region.notOffered[zone]?.includes(type.instanceType)) return undefined;
  return ec2Failure(
    'Unsupported',
    `Your requested instance type (${type.instanceType}) is not supported in your requested Availability Zone (${zone}).`,
  );
}

function giveBack({ capacity }: Account, { seats }: Space, place: Place): void {
  for (const seat of seats) {
    giveSeatBack(seat);
    capacity.giveBack(place);
  }
}

interface Birth {
  readonly input: RunInstancesInput;
  readonly checked: CheckedLaunch;
  readonly space: Space;
}

function bear(account: Account, birth: Birth): readonly Machine[] {
  const { checked, space } = birth;
  const reservationId = account.id('r', account.nextSerial());
  const launch = structuredClone(birth.input);
  return space.seats.map((seat, launchIndex) => {
    const machine = newborn(account, birth, { seat, launchIndex, reservationId, launch });
    account.machines.add(machine);
    const rootSizeGb = launch.rootDevice?.sizeGb ?? checked.image.rootSizeGb;
    const root = { sizeGb: rootSizeGb, tags: launch.tags, deleteOnTermination: launch.rootDevice?.isKept !== true };
    account.volumes.addAt(machine, { ...root, deviceName: machine.rootDeviceName });
    for (const { deviceName, sizeGb, isKept } of launch.moreDevices ?? []) {
      account.volumes.addAt(machine, { deviceName, sizeGb, tags: launch.tags, deleteOnTermination: isKept !== true });
    }
    account.life.begin(machine);
    return machine;
  });
}

interface Cradle extends Pick<Machine, 'launchIndex' | 'reservationId' | 'launch'> {
  readonly seat: Space['seats'][number];
}

/** One plain literal, since tens of thousands of them are made. */
function newborn(account: Account, { checked, space }: Birth, { seat, launchIndex, reservationId, launch }: Cradle): Machine {
  const serial = account.nextSerial();
  const now = account.clock.now();
  return {
    serial,
    id: account.id('i', serial),
    reservationId,
    launchIndex,
    launch,
    type: checked.type,
    image: checked.image,
    rootDeviceName: checked.image.rootDeviceName,
    tags: launch.tags,
    subnet: space.subnet,
    privateIp: seat.address,
    secondaryIps: [],
    moreInterfaces: seat.more.map((extra) => ({ ...extra, ...newInterface(account) })),
    bornAt: now,
    launchedAt: now,
    changedAt: now,
    state: 'pending',
    previousState: 'pending',
    epoch: 0,
    reason: undefined,
    publicIp: undefined,
    elasticIp: undefined,
    holdsRoom: true,
    consoleText: undefined,
    passwordData: '',
    isProtected: false,
    serialKey: undefined,
  };
}

function newInterface(account: Account): { readonly id: string; readonly serial: number } {
  const serial = account.nextSerial();
  return { id: account.id('eni', serial), serial };
}
