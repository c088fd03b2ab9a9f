import type { ImageRequest } from '@burstcell/provider';
import { TaskState, VmState } from '../states.js';
import { livingMachineRow, restWrites } from './change-state.js';
import { converge } from './converge.js';
import { freshMachine, machineOf, machineWrite } from './machine.js';
import { done, type OperationContext, type Step, type Verb } from './verb.js';
import { refuseVolumeBacked } from './volume-backed.js';

/** `nova rescue`. The image is chosen once and written down; the password was chosen at the parent. */
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
    const password = secrets.open(operation.parameters.password);
    const token = operation.cause;
    const wait = await converge(context, {
      row,
      at: 'rescuing',
      memo: { providerImageId },
      step: async () => (await provider.rescue?.(row.providerId, { providerImageId, password, token }, { signal })) ?? 'done',
    });
    if (wait !== null) return wait;
    const rest = { vm_state: VmState.RESCUED, launched_at: now() };
    return done(await atRest(context, rest));
  },
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

async function rescueImage({ provider, operation, signal }: OperationContext, providerId: string): Promise<string | null> {
  const { providerImageId } = operation.memo;
  if (operation.step !== null) return typeof providerImageId === 'string' ? providerImageId : null;
  const imageId = operation.parameters.imageId;
  if (typeof imageId !== 'string' || provider.resolveImage === undefined) return null;
  return provider.resolveImage(imageById(imageId), { signal, providerId });
}

/** An image of which no more is known than its id. */
export function imageById(id: string): ImageRequest {
  return { id, name: null, properties: {}, minDiskGb: 0, checksum: null, providerImageId: null };
}
