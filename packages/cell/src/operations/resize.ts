import { kindOf } from '@burstcell/provider';
import type { InstanceColumns, JsonObject, Write } from '@burstcell/store';
import { PowerState, TaskState, VmState } from '../states.js';
import { livingMachineRow } from './change-state.js';
import { converge } from './converge.js';
import { report } from './endings.js';
import { Failure } from './failure.js';
import { flavorRequest } from './launch-request.js';
import { machineOf } from './machine.js';
import { atRest } from './rescue.js';
import { done, type OperationContext, type Step, type Verb } from './verb.js';

/** system_metadata keys of our own: what confirm and revert need to know, long after the operation is gone. */
const OLD_SIZE = 'burst_old_size';
/** nova's own key for the same purpose (nova/compute/manager.py, `old_vm_state`). */
const OLD_VM_STATE = 'old_vm_state';
const MIGRATION = 'burst_migration';

/** What a resize writes down for itself. */
interface Memo {
  /** The vendor's size it is going to, and those that had no room. */
  readonly size?: string | null;
  readonly refused?: readonly string[];
  readonly oldSize?: string;
}

/**
 * `nova resize` and cold migration. Steps: (none) choose a size and write it down → `resizing` until the
 * machine has it. A size without room is left for the next; when none has room, the old one is restored.
 */
export const resize: Verb = {
  name: 'resize',
  action: 'resize',
  taskState: TaskState.RESIZE_PREP,
  from: [VmState.ACTIVE, VmState.STOPPED],
  deadline: 'verb',
  needs: ['sizes', 'resize'],

  async run(context: OperationContext): Promise<Step> {
    const memo = context.operation.memo as Memo;
    if (typeof memo.size === 'string' && memo.oldSize !== undefined) return resizing(context, memo.size, memo.oldSize);
    return begin(context, memo.refused ?? []);
  },
};

/** `nova migrate`: a resize to the flavor it has; nova records it under a name of its own (nova/compute/api.py resize). */
export const migrate: Verb = { ...resize, name: 'migrate', action: 'migrate' };

async function begin(context: OperationContext, refused: readonly string[]): Promise<Step> {
  const row = await livingMachineRow(context);
  const oldSize = (context.operation.memo as Memo).oldSize ?? machineOf(row).size;
  if (oldSize === null) throw new Failure('unsupported', 'The size of this machine is not known, so it cannot be changed.', 400);
  const flavor = await targetFlavor(context);
  const sizes = await context.provider.sizes?.(row.providerId, flavorRequest({ flavor }), { signal: context.signal });
  const size = sizes?.find((each) => !refused.includes(each));
  if (size === undefined) return giveUp(context, oldSize, refused);
  const memo = { size, oldSize, refused } as unknown as JsonObject;
  await context.record([
    { write: 'save-operation', id: context.operation.id, step: 'resizing', memo },
    ...migrationWrites(context, flavor),
  ]);
  return resizing(context, size, oldSize);
}

async function resizing(context: OperationContext, size: string, oldSize: string): Promise<Step> {
  const row = await livingMachineRow(context);
  const power = powerOf(context);
  try {
    const step = async () => (await context.provider.resize?.(row.providerId, size, power, { signal: context.signal })) ?? 'done';
    const wait = await converge(context, { row, at: 'resizing', step });
    return wait ?? resized(context, oldSize);
  } catch (error) {
    if (kindOf(error) !== 'capacity' && kindOf(error) !== 'quota') throw error;
    const memo = context.operation.memo as Memo;
    const refused = [...(memo.refused ?? []), size];
    await context.record([
      { write: 'save-operation', id: context.operation.id, memo: { size: null, refused } as unknown as JsonObject },
    ]);
    context.capacityChanged();
    return begin({ ...context, operation: { ...context.operation, memo: { ...memo, oldSize } as JsonObject } }, refused);
  }
}

/** Nothing had room: the machine goes back to what it was before the user is told. */
async function giveUp(context: OperationContext, oldSize: string, refused: readonly string[]): Promise<Step> {
  if (refused.length === 0) throw new Failure('invalid', 'This machine cannot take the size of that flavor.', 400);
  const row = await livingMachineRow(context);
  const step = async () =>
    (await context.provider.resize?.(row.providerId, oldSize, powerOf(context), { signal: context.signal })) ?? 'done';
  const wait = await converge(context, { row, at: 'restoring', step });
  if (wait !== null) return wait;
  throw new Failure('capacity', `No room for the new size (${refused.join(', ')}); the instance keeps its old one.`, 503);
}

async function resized(context: OperationContext, oldSize: string): Promise<Step> {
  const { instance, operation, now } = context;
  const flavor = await targetFlavor(context);
  const vmState = context.operation.parameters.confirm === true ? backTo(instance.vm_state) : VmState.RESIZED;
  const columns: InstanceColumns = {
    ...flavorColumns(flavor),
    vm_state: vmState,
    launched_at: now(),
  };
  return done([
    ...(await atRest(context, columns)),
    { write: 'set-flavors', uuid: instance.uuid, flavor, oldFlavor: instance.flavor, newFlavor: flavor },
    {
      write: 'set-system-metadata',
      uuid: instance.uuid,
      values: { [OLD_SIZE]: oldSize, [OLD_VM_STATE]: instance.vm_state, [MIGRATION]: operation.cause },
      replace: false,
    },
    { write: 'set-migration-status', uuid: operation.cause, status: 'finished' },
    report(instance.uuid, 0, { flavor: true }),
  ]);
}

/** `nova resize-confirm`: the machine has its size already; only what it was before is forgotten. */
export const confirmResize: Verb = {
  name: 'confirm-resize',
  action: 'confirmResize',
  taskState: null,
  from: [VmState.RESIZED],
  deadline: 'verb',

  async run(context: OperationContext): Promise<Step> {
    const { instance } = context;
    const flavor = instance.flavor ?? {};
    const vmState = instance.power_state === PowerState.SHUTDOWN ? VmState.STOPPED : VmState.ACTIVE;
    return done([
      { write: 'patch-instance', uuid: instance.uuid, set: { vm_state: vmState } },
      { write: 'set-flavors', uuid: instance.uuid, flavor, oldFlavor: null, newFlavor: null },
      ...forgetWrites(context, 'confirmed'),
      report(instance.uuid, 0, { flavor: true }),
    ]);
  },
};

/** `nova resize-revert`: back to the size it had, really. */
export const revertResize: Verb = {
  name: 'revert-resize',
  action: 'revertResize',
  taskState: TaskState.RESIZE_REVERTING,
  from: [VmState.RESIZED],
  deadline: 'verb',
  needs: ['resize'],

  async run(context: OperationContext): Promise<Step> {
    const { instance, provider, signal } = context;
    const oldSize = instance.system_metadata[OLD_SIZE];
    const oldFlavor = instance.old_flavor;
    if (oldSize == null || oldFlavor === null)
      throw new Failure('state', 'The size before the resize is not known any more.', 409);
    const row = await livingMachineRow(context);
    const vmState = backTo(instance.system_metadata[OLD_VM_STATE] ?? null);
    const power = vmState === VmState.STOPPED ? 'stopped' : 'running';
    const step = async () => (await provider.resize?.(row.providerId, oldSize, power, { signal })) ?? 'done';
    const wait = await converge(context, { row, at: 'reverting', step });
    if (wait !== null) return wait;
    return done([
      ...(await atRest(context, { ...flavorColumns(oldFlavor) })),
      { write: 'set-flavors', uuid: instance.uuid, flavor: oldFlavor, oldFlavor: null, newFlavor: null },
      ...forgetWrites(context, 'reverted'),
      report(instance.uuid, 0, { flavor: true }),
    ]);
  },
};

/** The flavor in the message; of Grizzly, which sends an id alone, the one seen in builds. No flavor: a cold migration. */
async function targetFlavor({ operation, instance, store }: OperationContext): Promise<JsonObject> {
  const { flavor, flavorId } = operation.parameters;
  if (typeof flavor === 'object' && flavor !== null && !Array.isArray(flavor)) return flavor as JsonObject;
  if (typeof flavorId !== 'string') return instance.flavor ?? {};
  const known = await store.flavors.find(flavorId);
  if (known === null)
    throw new Failure('invalid', `Flavor ${flavorId} has never been seen by this cell: boot one instance with it first.`, 400);
  return known;
}

function migrationWrites({ instance, operation }: OperationContext, flavor: JsonObject): readonly Write[] {
  const isSame = flavor.flavorid === instance.flavor?.flavorid;
  return [
    {
      write: 'record-migration',
      uuid: operation.cause,
      instanceUuid: instance.uuid,
      type: isSame ? 'migration' : 'resize',
      status: 'migrating',
      sourceHost: instance.host,
      destHost: instance.host,
      oldFlavorId: instance.instance_type_id,
      newFlavorId: typeof flavor.id === 'number' ? flavor.id : null,
    },
  ];
}

function forgetWrites({ instance }: OperationContext, status: string): readonly Write[] {
  const { [OLD_SIZE]: _size, [OLD_VM_STATE]: _state, [MIGRATION]: migration, ...kept } = instance.system_metadata;
  return [
    { write: 'set-system-metadata', uuid: instance.uuid, values: kept, replace: true },
    ...(migration == null ? [] : [{ write: 'set-migration-status', uuid: migration, status } as const]),
  ];
}

function flavorColumns(flavor: JsonObject): InstanceColumns {
  const number = (name: string) => (typeof flavor[name] === 'number' ? (flavor[name] as number) : undefined);
  const [memory_mb, vcpus, root_gb, ephemeral_gb, id] = ['memory_mb', 'vcpus', 'root_gb', 'ephemeral_gb', 'id'].map(number);
  return {
    ...(memory_mb === undefined ? {} : { memory_mb }),
    ...(vcpus === undefined ? {} : { vcpus }),
    ...(root_gb === undefined ? {} : { root_gb }),
    ...(ephemeral_gb === undefined ? {} : { ephemeral_gb }),
    ...(id === undefined ? {} : { instance_type_id: id }),
  };
}

function powerOf({ instance }: OperationContext): 'running' | 'stopped' {
  return instance.vm_state === VmState.STOPPED ? 'stopped' : 'running';
}

function backTo(vmState: string | null): VmState {
  return vmState === VmState.STOPPED ? VmState.STOPPED : VmState.ACTIVE;
}
