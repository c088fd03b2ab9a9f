import { kindOf, type ProviderInstance, type ProviderState } from '@burstcell/provider';
import type { InstanceColumns, ProviderInstanceRow, Write } from '@burstcell/store';
import { PowerState, VmState } from '../states.js';
import { TRANSITION_RETRY_MS, WAIT_SAFETY_MS } from '../timings.js';
import { Failure } from './failure.js';
import { AT_REST, freshMachine, machineOf, machineWrite, watchWrite } from './machine.js';
import { networkInfo } from './network-info.js';
import { observeWrite } from './observe-write.js';
import { done, type OperationContext, type Step } from './verb.js';

interface StateChange {
  /** Where the machine may come to rest. */
  readonly until: readonly ProviderState[];
  /** States it may pass through on the way; the one it began in among them, for reads lag behind. */
  readonly through: readonly ProviderState[];
  /** Orders it; repeat-safe. */
  readonly order: (providerId: string) => Promise<void>;
  /** What the row says at rest beyond, or in place of, what the machine's state means. */
  readonly rest?: InstanceColumns;
}

/** The machine behind the instance; its absence is told as what it is. */
export async function machineRow(context: OperationContext): Promise<ProviderInstanceRow> {
  const row = await context.machine();
  if (row === null) throw new Failure('not-found', 'This instance has no machine: its build did not come to an end.', 409);
  return row;
}

/** As {@link machineRow}, and the machine has not ended; of one that has, the instance learns besides. */
export async function livingMachineRow(context: OperationContext): Promise<ProviderInstanceRow> {
  const row = await machineRow(context);
  const { state } = machineOf(row);
  if (state !== 'terminated' && state !== 'terminating') return row;
  await context.record([observeWrite(context, context.instance.uuid)]);
  throw new Failure('not-found', 'The machine of this instance has been terminated outside of nova.', 409);
}

/** Orders a change and waits until the machine is there. A repeated order does no harm, so the operation is its own record. */
export async function changeState(context: OperationContext, change: StateChange): Promise<Step> {
  const row = await livingMachineRow(context);
  const { state, reason } = machineOf(row);
  if (context.operation.step === 'ordered') {
    if (change.until.includes(state)) return done(restWrites(context.instance.uuid, machineOf(row), change.rest));
    if (change.through.includes(state)) return { step: 'wait', at: 'ordered', delayMs: WAIT_SAFETY_MS };
    throw new Failure('conflict', `The machine went to ${state} instead${reason === null ? '.' : `: ${reason}`}`, 409);
  }
  const ordered = await order(change, row.providerId);
  if (!ordered) await refuseIfAtRest(context, row, change.through);
  const at = ordered ? 'ordered' : 'in-transition';
  return { step: 'wait', at, delayMs: ordered ? WAIT_SAFETY_MS : TRANSITION_RETRY_MS, writes: [watchWrite(row, context.now())] };
}

/**
 * A conflict with a machine that rests somewhere unexpected will not go away by itself: somebody changed it outside
 * of nova. The row is set right, and the verb ends.
 */
export async function refuseIfAtRest(
  context: OperationContext,
  row: ProviderInstanceRow,
  fine: readonly ProviderState[],
): Promise<void> {
  const machine = await freshMachine(context, row);
  if (machine === undefined || !AT_REST.has(machine.state) || fine.includes(machine.state)) return;
  const { uuid } = context.instance;
  await context.record([machineWrite(uuid, machine, context.now(), null), observeWrite(context, uuid)]);
  throw new Failure(
    'conflict',
    `The machine is ${machine.state}, which does not allow this; it was changed outside of nova.`,
    409,
  );
}

/** False when the machine is just now in transition, which the vendor calls a conflict: the order is given again later. */
async function order(change: StateChange, providerId: string): Promise<boolean> {
  try {
    await change.order(providerId);
    return true;
  } catch (error) {
    if (kindOf(error) === 'conflict') return false;
    throw error;
  }
}

/** Rows for a machine at rest: addresses may have changed on the way. */
export function restWrites(uuid: string, machine: ProviderInstance, rest?: InstanceColumns): readonly Write[] {
  return [
    { write: 'patch-instance', uuid, set: { ...restingColumns(machine.state), ...rest } },
    { write: 'set-network-info', uuid, networkInfo: networkInfo(machine) },
  ];
}

/** What a resting machine's state is in nova's columns. */
export function restingColumns(state: ProviderState): InstanceColumns {
  switch (state) {
    case 'paused':
      return { vm_state: VmState.PAUSED, power_state: PowerState.PAUSED };
    case 'suspended':
      return { vm_state: VmState.SUSPENDED, power_state: PowerState.SHUTDOWN };
    case 'stopped':
    case 'stopping':
      return { vm_state: VmState.STOPPED, power_state: PowerState.SHUTDOWN };
    default:
      return { vm_state: VmState.ACTIVE, power_state: PowerState.RUNNING };
  }
}
