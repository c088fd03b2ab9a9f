import type { Ec2StateName, Ec2StopOptions } from '../ports/ec2-api.js';
import type { Account } from './account.js';
import { ec2Failure } from './failures.js';
import { type Machine, placeOf } from './machine.js';

/** Why a machine is off or gone, as EC2 words it (AWS: StateReason). */
export const reasons = {
  user: 'Client.UserInitiatedShutdown: User initiated shutdown',
  guest: 'Client.InstanceInitiatedShutdown: Instance initiated shutdown',
  hibernate: 'Client.UserInitiatedHibernate: User initiated hibernate',
  spot: 'Server.SpotInstanceTermination: Spot instance termination',
} as const;

/** What each state lets a verb do: act, or nothing; a state that is not named refuses it. */
type Rule = Partial<Record<Ec2StateName, 'act' | 'nothing'>>;

const START: Rule = { stopped: 'act', pending: 'nothing', running: 'nothing' };
const STOP: Rule = { running: 'act', stopping: 'nothing', stopped: 'nothing' };
const HIBERNATE: Rule = { running: 'act' };
/** AWS: "Requests to reboot terminated instances are ignored." */
const REBOOT: Rule = { running: 'nothing', terminated: 'nothing', 'shutting-down': 'nothing' };

// Each verb touches all its machines or none (AWS: "If you specify multiple instances and the
// request fails, none of the instances are …"). Each throws IncorrectInstanceState for a state that
// does not allow it, and InvalidInstanceID.* for an id that is not there.

/** Also throws InsufficientInstanceCapacity and VcpuLimitExceeded: a stopped machine holds no room. */
export function startInstances(account: Account, ids: readonly string[]): void {
  const machines = judge(account.machines.require(ids), START, 'started');
  for (const machine of machines) checkStart(account, machine);
  const taken: Machine[] = [];
  for (const machine of machines) {
    const refusal = account.capacity.refusal(placeOf(machine));
    if (refusal !== undefined) {
      for (const other of taken) account.capacity.giveBack(placeOf(other));
      throw refusal;
    }
    account.capacity.take(placeOf(machine));
    taken.push(machine);
  }
  for (const machine of taken) {
    machine.holdsRoom = true;
    account.life.enter(machine, 'pending');
  }
}

function checkStart({ volumes, region }: Account, machine: Machine): void {
  const { id, type, subnet, rootDeviceName } = machine;
  if (volumes.at(machine, rootDeviceName) === undefined)
    throw ec2Failure(
      'IncorrectInstanceConfiguration',
      `Instance '${id}' does not have a volume attached at root (${rootDeviceName})`,
    );
  if (region.notOffered[subnet.zone]?.includes(type.instanceType))
    throw ec2Failure('Unsupported', `The requested configuration is currently not supported in ${subnet.zone}.`);
}

/** With `hibernate` also throws UnsupportedHibernationConfiguration, and a machine that does not run is refused. */
export function stopInstances(account: Account, ids: readonly string[], { hibernate = false }: Ec2StopOptions = {}): void {
  const machines = account.machines.require(ids);
  if (hibernate) checkHibernation(machines);
  for (const machine of judge(machines, hibernate ? HIBERNATE : STOP, hibernate ? 'hibernated' : 'stopped'))
    account.life.enter(machine, 'stopping', hibernate ? reasons.hibernate : reasons.user);
}

function checkHibernation(machines: readonly Machine[]): void {
  const bad = machines.find(({ launch }) => launch.hibernation !== true);
  if (bad === undefined) return;
  throw ec2Failure('UnsupportedHibernationConfiguration', `The instance '${bad.id}' is not configured for hibernation.`);
}

/** The state stays `running` throughout. */
export function rebootInstances(account: Account, ids: readonly string[]): void {
  judge(account.machines.require(ids), REBOOT, 'rebooted');
}

/** Throws OperationNotPermitted for a protected machine. */
export function terminateInstances(account: Account, ids: readonly string[]): void {
  const machines = account.machines.require(ids);
  const guarded = machines.find(({ isProtected, state }) => isProtected && state !== 'shutting-down' && state !== 'terminated');
  if (guarded !== undefined) {
    const text = `The instance '${guarded.id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`;
    throw ec2Failure('OperationNotPermitted', text);
  }
  for (const machine of machines) end(account, machine, reasons.user);
}

/** Repeat-safe. */
export function end(account: Account, machine: Machine, reason: string): void {
  if (machine.state === 'shutting-down' || machine.state === 'terminated') return;
  account.life.enter(machine, 'shutting-down', reason);
}

/** The machines on which the verb acts. */
function judge(machines: readonly Machine[], rule: Rule, participle: string): readonly Machine[] {
  for (const { state, id } of machines) {
    if (rule[state] !== undefined) continue;
    throw ec2Failure('IncorrectInstanceState', `The instance '${id}' is not in a state from which it can be ${participle}.`);
  }
  return machines.filter(({ state }) => rule[state] === 'act');
}
