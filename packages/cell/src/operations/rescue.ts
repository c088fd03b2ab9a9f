import { TaskState, VmState } from '../states.js';
import { livingMachineRow, restWrites } from './change-state.js';
import { converge } from './converge.js';
import { callerOf } from './image-record.js';
import { clearedProgress } from './import-progress.js';
import { freshMachine, machineOf, machineWrite } from './machine.js';
import { replacementImage } from './replacement-image.js';
import { done, type OperationContext, type Step, type Verb, type Wait } from './verb.js';
import { refuseVolumeBacked } from './volume-backed.js';

/**
 * `nova rescue`. The image is chosen once and written down, and imported before that where it has no counterpart; the
 * password was chosen at the parent.
 */
export const rescue: Verb = {
  name: 'rescue',
  action: 'rescue',
  taskState: TaskState.RESCUING,
  from: [VmState.ACTIVE, VmState.STOPPED, VmState.ERROR],
  deadline: 'verb',
  needs: ['rescue', 'unrescue'],

  async run(context: OperationContext): Promise<Step> {
    const { provider, operation, signal, secrets, now } = context;
    await refuseVolumeBacked(context, 'attach its volume to another server once this one is deleted');
    const row = await livingMachineRow(context);
    const providerImageId = await rescueImage(context, row.providerId);
    if (providerImageId !== null && typeof providerImageId !== 'string') return providerImageId;
    const password = secrets.open(operation.parameters.password);
    const token = operation.cause;
    const wait = await converge(context, {
      row,
      at: 'rescuing',
      step: async () => (await provider.rescue?.(row.providerId, { providerImageId, password, token }, { signal })) ?? 'done',
    });
    if (wait !== null) return wait;
    const rest = { vm_state: VmState.RESCUED, launched_at: now() };
    return done(await atRest(context, rest));
  },

  clearsAway: clearedProgress,
};

/** `nova unrescue`. */
export const unrescue: Verb = {
  name: 'unrescue',
  action: 'unrescue',
  taskState: TaskState.UNRESCUING,
  from: [VmState.RESCUED],
  deadline: 'verb',
  needs: ['unrescue'],

  async run(context: OperationContext): Promise<Step> {
    const { provider, operation, signal } = context;
    const row = await livingMachineRow(context);
    const wait = await converge(context, {
      row,
      at: 'unrescuing',
      step: async () => (await provider.unrescue?.(row.providerId, { token: operation.cause }, { signal })) ?? 'done',
    });
    return wait ?? done(await atRest(context));
  },
};

/** Rows for the machine as it rests now. */
export async function atRest(context: OperationContext, rest?: Parameters<typeof restWrites>[2]) {
  const row = await livingMachineRow(context);
  const machine = (await freshMachine(context, row)) ?? machineOf(row);
  return [machineWrite(context.instance.uuid, machine, context.now(), null), ...restWrites(context.instance.uuid, machine, rest)];
}

/** Null: none was named, and the provider takes its own. */
async function rescueImage(context: OperationContext, providerId: string): Promise<string | Wait | null> {
  const { imageId } = context.operation.parameters;
  if (typeof imageId !== 'string' || context.provider.resolveImage === undefined) return null;
  // No parent looks whether the user may see this image: nova's own child does, with the user's token.
  const caller = { ...callerOf(context), alone: true };
  return replacementImage(context, { imageId, providerId, step: 'rescuing', caller });
}
