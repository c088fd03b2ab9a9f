import { originToJson, ownOrigin } from '../intent.js';
import { PowerState, TaskState, VmState } from '../states.js';
import { changeState } from './change-state.js';
import { deleteInstance } from './delete.js';
import { endMachines } from './end-machines.js';
import { goneWrites } from './endings.js';
import { freeAllVolumes } from './free-volume.js';
import { done, type OperationContext, type Step, type Verb } from './verb.js';

/** How long the reclaim of a deleted instance may take once its time has come. */
const RECLAIM_DEADLINE_MS = 7 * 24 * 3_600_000;

/** A delete that can be taken back for a while (`reclaim_instance_interval`): the machine is stopped, and ended later. */
export const softDelete: Verb = {
  name: 'soft-delete',
  action: 'delete',
  taskState: TaskState.SOFT_DELETING,
  from: 'any',
  deadline: 'verb',
  cancels: { except: ['delete', 'soft-delete'] },
  onDeleted: true,

  async run(context: OperationContext): Promise<Step> {
    const machine = await context.machine();
    // A protected machine is not stopped either: nothing is lost with its row.
    if (context.reclaimMs === 0 || machine === null || machine.adopted === 'protected') return deleteInstance.run(context);
    const step = await changeState(context, {
      until: ['stopped'],
      through: ['pending', 'running', 'paused', 'suspended', 'stopping'],
      order: (providerId) => context.provider.stop(providerId, { signal: context.signal }),
      rest: { vm_state: VmState.SOFT_DELETED, power_state: PowerState.SHUTDOWN },
    });
    return step.step === 'done' ? done([...step.writes, reclaimWrite(context)]) : step;
  },
};

/** `nova restore`. */
export const restore: Verb = {
  name: 'restore',
  action: 'restore',
  taskState: TaskState.RESTORING,
  from: [VmState.SOFT_DELETED],
  deadline: 'verb',
  cancels: { only: ['reclaim'] },

  run: (context) =>
    changeState(context, {
      until: ['running'],
      through: ['stopped', 'stopping', 'pending'],
      order: (providerId) => context.provider.start(providerId, { signal: context.signal }),
      rest: { vm_state: VmState.ACTIVE, power_state: PowerState.RUNNING },
    }),
};

/** The end of a deferred delete that nobody took back. Waits for its time before the instance's other operations. */
export const reclaim: Verb = {
  name: 'reclaim',
  action: null,
  taskState: null,
  from: 'any',
  deadline: 'verb',

  async run(context: OperationContext): Promise<Step> {
    const { instance } = context;
    if (instance.vm_state !== VmState.SOFT_DELETED) return done([], { silent: true });
    const ended = [...(await endMachines(context)), ...(await freeAllVolumes(context))];
    const gone = [{ write: 'delete-instance', uuid: instance.uuid, at: context.now() } as const, ...goneWrites(instance.uuid)];
    return done([...ended, ...gone], { silent: true });
  },
};

function reclaimWrite({ instance, operation, origin, now, reclaimMs }: OperationContext) {
  const runAt = new Date(now().getTime() + reclaimMs);
  return {
    write: 'enqueue-operation',
    instanceUuid: instance.uuid,
    verb: reclaim.name,
    parameters: {},
    cause: operation.cause,
    origin: originToJson(ownOrigin(origin.requestId)),
    runAt,
    deadline: new Date(runAt.getTime() + RECLAIM_DEADLINE_MS),
  } as const;
}
