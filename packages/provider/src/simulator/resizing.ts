import type { Progress } from '../abilities.js';
import { kindOf, ProviderError } from '../errors.js';
import type { FlavorRequest } from '../launch.js';
import type { Site } from './cloud-state.js';
import { type Demand, hasEnded, type Machine, sizeName } from './machine.js';
import { extrasOf, isRescued } from './machine-extras.js';
import { startMachine, stopMachine } from './powering.js';
import { isPassing, refusal } from './rules.js';

type Power = 'running' | 'stopped';
type Size = Pick<Demand, 'vcpus' | 'memoryMb'>;

/** There is one size for every flavor, up to the largest machine. */
export function sizesFor({ settings }: Site, { name, vcpus, memoryMb }: FlavorRequest): readonly string[] {
  if (vcpus > settings.largest.vcpus || memoryMb > settings.largest.memoryMb) {
    throw new ProviderError('invalid', `no machine is as large as flavor ${name}`, { subject: 'flavor' });
  }
  return [sizeName({ vcpus, memoryMb })];
}

/**
 * Stop, change, start: takes whichever step is next, and further ones that take no time.
 * The order is EC2's ("Change the instance type"): room is asked for only at the start.
 */
export function resizeMachine(site: Site, machine: Machine, to: { readonly size: string; readonly power: Power }): Progress {
  if (hasEnded(machine.state) || isRescued(machine)) throw refusal('resized', machine);
  const size = parseSize(site, to.size);
  if (isPassing(site, machine)) return 'under-way';
  if (sizeName(machine.demand) === to.size) return bringTo(site, machine, to.power);
  if (machine.state === 'running') stopMachine(site, machine);
  else if (machine.state === 'stopped') changeSize(site, machine, size);
  else throw refusal('resized', machine);
  return resizeMachine(site, machine, to);
}

/** The size is right: what is left is power. */
function bringTo(site: Site, machine: Machine, power: Power): Progress {
  if (machine.state !== 'running' && machine.state !== 'stopped') throw refusal('resized', machine);
  const isThere = machine.state === power;
  if (!isThere && power === 'running') startResized(site, machine);
  if (!isThere && power === 'stopped') stopMachine(site, machine);
  extrasOf(machine).sizeBefore = null;
  return machine.state === power ? 'done' : 'under-way';
}

/** Without room for its new size it goes back to the one it had, so that it can be started again. */
function startResized(site: Site, machine: Machine): void {
  const { sizeBefore } = extrasOf(machine);
  try {
    startMachine(site, machine);
  } catch (error) {
    if (kindOf(error) === 'capacity' && sizeBefore !== null) exchangeDemand(site, machine, sizeBefore);
    extrasOf(machine).sizeBefore = null;
    throw error;
  }
}

function changeSize(site: Site, machine: Machine, size: Size): void {
  const before = machine.demand;
  exchangeDemand(site, machine, { ...before, ...size });
  const extras = extrasOf(machine);
  extras.sizeBefore = before;
  extras.busyUntilMs = site.settings.clock.now() + site.settings.changeMs;
}

/** A stopped machine counts against the account, not against its zone. */
function exchangeDemand({ state }: Site, machine: Machine, demand: Demand): void {
  const { account } = state;
  account.giveBack(machine.demand);
  if (!account.fits(demand, 1)) {
    account.take(machine.demand);
    throw new ProviderError('quota', 'the quota of the account is spent');
  }
  account.take(demand);
  machine.demand = demand;
}

function parseSize({ settings }: Site, name: string): Size {
  const [, vcpus, memoryMb] = /^(\d+)c-(\d+)m$/.exec(name)?.map(Number) ?? [];
  const isKnown =
    vcpus !== undefined && memoryMb !== undefined && vcpus <= settings.largest.vcpus && memoryMb <= settings.largest.memoryMb;
  if (!isKnown) throw new ProviderError('invalid', `there is no size ${name}`, { subject: 'flavor' });
  return { vcpus, memoryMb };
}
