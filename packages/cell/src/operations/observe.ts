import type { ProviderInstance } from '@burstcell/provider';
import type { InstanceView, Write } from '@burstcell/store';
import { VmState } from '../states.js';
import { restingColumns, restWrites } from './change-state.js';
import { Failure } from './failure.js';
import { machineOf } from './machine.js';
import { networkInfo } from './network-info.js';
import { done, type OperationContext, type Step, type Verb } from './verb.js';

/** In these states the row says more than the machine can: a stopped machine may be suspended, being resized or rescued. */
const OWN_MEANING: ReadonlySet<string | null> = new Set([
  VmState.SUSPENDED,
  VmState.RESIZED,
  VmState.RESCUED,
  VmState.SOFT_DELETED,
  VmState.SHELVED,
  VmState.SHELVED_OFFLOADED,
  VmState.BUILDING,
]);

/**
 * What was done to a machine outside of nova is shown, never fought: stopped there is SHUTOFF here, with an
 * action that says so; terminated there is ERROR here, with a fault that says when it was noticed.
 */
export const observe: Verb = {
  name: 'observe',
  action: null,
  taskState: null,
  from: 'any',
  deadline: 'verb',
  failsTo: VmState.ERROR,
  isPassive: true,

  async run(context: OperationContext): Promise<Step> {
    const row = await context.machine();
    if (row === null) return done([], { silent: true });
    const machine = machineOf(row);
    const { instance } = context;
    if (machine.state === 'terminated' && instance.vm_state !== VmState.SHELVED_OFFLOADED) throw ended(context, machine);
    if (!['running', 'stopped', 'paused'].includes(machine.state)) return done([], { silent: true });
    if (OWN_MEANING.has(instance.vm_state)) return powerOnly(instance, machine);
    const writes = restWrites(instance.uuid, machine);
    const changed = writes.some((write) => write.write === 'patch-instance' && write.set.vm_state !== instance.vm_state);
    if (changed) return done([...writes, ...actionWrites(context, machine)]);
    return addressesOnly(instance, machine);
  },
};

/** Told only where they differ: a machine that was off and on again between two looks may have another public one. */
function addressesOnly({ uuid, network_info: known }: InstanceView, machine: ProviderInstance): Step {
  const seen = networkInfo(machine);
  if (JSON.stringify(seen) === JSON.stringify(known)) return done([], { silent: true });
  return done([{ write: 'set-network-info', uuid, networkInfo: seen }]);
}

/** The state stays what it means; whether the machine runs is told. */
function powerOnly({ uuid, power_state }: InstanceView, machine: ProviderInstance): Step {
  const seen = restingColumns(machine.state).power_state;
  if (seen === undefined || seen === power_state) return done([], { silent: true });
  return done([{ write: 'patch-instance', uuid, set: { power_state: seen } }]);
}

function ended({ now }: OperationContext, machine: ProviderInstance): Failure {
  const why = machine.reason === null ? '' : ` (${machine.reason})`;
  return new Failure('not-found', `The machine was terminated outside of nova${why}; noticed ${now().toISOString()}.`, 404);
}

/** As if somebody had asked for it, so that `nova instance-action-list` tells what happened. */
function actionWrites({ instance, origin, now }: OperationContext, { state, reason }: ProviderInstance): readonly Write[] {
  const action = state === 'running' ? 'start' : state === 'paused' ? 'pause' : 'stop';
  const { requestId } = origin;
  return [
    { write: 'start-action', uuid: instance.uuid, action, requestId, userId: null, projectId: instance.project_id, at: now() },
    {
      write: 'add-action-event',
      uuid: instance.uuid,
      requestId,
      event: 'observed_outside',
      startedAt: now(),
      finishedAt: now(),
      result: 'Success',
      details: reason ?? 'Changed outside of nova.',
      host: instance.host,
    },
    { write: 'finish-action', uuid: instance.uuid, action, requestId, message: null },
  ];
}
