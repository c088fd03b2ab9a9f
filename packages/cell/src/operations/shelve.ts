import { createHash } from 'node:crypto';
import type { Write } from '@burstcell/store';
import { PowerState, TaskState, VmState } from '../states.js';
import { buildLike } from './build.js';
import { keptVolumes } from './build-disks.js';
import { disposeWrites } from './dispose.js';
import { endMachines } from './end-machines.js';
import { report } from './endings.js';
import { Failure } from './failure.js';
import { imageWrite } from './image-record.js';
import { protectWrites } from './protect.js';
import { makeSnapshot } from './snapshot.js';
import { done, type OperationContext, type Step, type Verb, type Wait } from './verb.js';
import { isVolumeBacked } from './volume-backed.js';

/**
 * `nova shelve`: a snapshot, then the machine is given up, as nova does by default (shelved_offload_time = 0).
 * The snapshot is recorded before the machine ends: dying in between ends it later, never without it. Of a server that
 * boots from a volume there is none, as in nova: the volume stays, and is its.
 */
export const shelve: Verb = {
  name: 'shelve',
  action: 'shelve',
  taskState: TaskState.SHELVING,
  from: [VmState.ACTIVE, VmState.STOPPED, VmState.PAUSED, VmState.SUSPENDED],
  deadline: 'build',
  needs: ['snapshot', 'describeSnapshots'],
  destroys: true,

  async run(context: OperationContext): Promise<Step> {
    const { instance, operation, now } = context;
    if (operation.step !== 'offloading') {
      const image = (await isVolumeBacked(context)) ? null : await shelvedImage(context);
      if (image !== null && 'step' in image) return image;
      const shelved = { shelved_at: now().toISOString(), shelved_image_id: image?.imageId ?? null, shelved_host: instance.host };
      await context.record([
        { write: 'save-operation', id: operation.id, step: 'offloading' },
        ...(image === null ? [] : [image.write]),
        {
          write: 'patch-instance',
          uuid: instance.uuid,
          set: { vm_state: VmState.SHELVED, task_state: TaskState.SHELVING_OFFLOADING },
        },
        { write: 'set-system-metadata', uuid: instance.uuid, values: shelved, replace: false },
      ]);
    }
    return offloaded(context);
  },
};

/** `nova shelve-offload`: what a shelve that stopped half-way has left. */
export const shelveOffload: Verb = {
  name: 'shelve-offload',
  action: 'shelveOffload',
  taskState: TaskState.SHELVING_OFFLOADING,
  from: [VmState.SHELVED],
  deadline: 'verb',
  destroys: true,
  run: offloaded,
};

/** `nova unshelve`: a launch like a build's, from the snapshot, which is then no longer needed. */
export const unshelve: Verb = {
  name: 'unshelve',
  action: 'unshelve',
  taskState: TaskState.UNSHELVING,
  from: [VmState.SHELVED, VmState.SHELVED_OFFLOADED],
  deadline: 'build',
  launches: true,

  async run(context: OperationContext): Promise<Step> {
    const { instance, store, provider, operation, signal } = context;
    const imageId = instance.system_metadata.shelved_image_id;
    const image = imageId == null ? null : await store.images.find(imageId);
    if (image === null && !(await isVolumeBacked(context))) throw snapshotGone();
    if (operation.step === null) return noted(context);
    const step = await buildLike(context, image?.providerImageId ?? null);
    if (step.step !== 'done') return step;
    if (image !== null) await provider.deleteSnapshot?.(image.providerImageId, { signal });
    const { shelved_at: _at, shelved_image_id: _image, shelved_host: _host, ...kept } = instance.system_metadata;
    const more: readonly Write[] = [
      ...(image === null ? [] : [{ write: 'forget-image', imageId: image.imageId } as const]),
      { write: 'set-system-metadata', uuid: instance.uuid, values: kept, replace: true },
      report(instance.uuid, 0, { systemMetadata: true }),
      ...protectWrites(context),
    ];
    return { ...step, writes: [...step.writes, ...more] };
  },

  /** Shelved as before: what was started for it holds its volumes, and costs. */
  afterFailure: disposeWrites,
};

/** The volumes it gets again: what it has of them may change under a build that takes its time. */
async function noted({ store, instance }: OperationContext): Promise<Wait> {
  const volumes = keptVolumes(await store.instances.blockDevices(instance.uuid));
  const memo = volumes.length === 0 ? {} : { blockDevices: volumes.map((device) => ({ ...device })) };
  return { step: 'wait', at: 'noted', memo, delayMs: 0 };
}

function snapshotGone(): Failure {
  return new Failure('not-found', 'The snapshot of this shelved instance is not known any more.', 404);
}

interface ShelvedImage {
  readonly imageId: string;
  readonly write: Write;
}

async function shelvedImage(context: OperationContext): Promise<ShelvedImage | Wait> {
  const { instance, operation } = context;
  const made = await makeSnapshot(context, `${instance.display_name ?? instance.uuid}-shelved`);
  if ('step' in made) return made;
  const imageId = shelveImageId(operation.cause, instance.uuid);
  const image = { imageId, providerImageId: made.snapshotId, kind: 'shelve', backupType: null } as const;
  return { imageId, write: imageWrite(context, image) };
}

async function offloaded(context: OperationContext): Promise<Step> {
  const { uuid } = context.instance;
  const ended = await endMachines(context);
  return done([
    ...ended,
    {
      write: 'patch-instance',
      uuid,
      set: { vm_state: VmState.SHELVED_OFFLOADED, power_state: PowerState.SHUTDOWN, host: null, node: null },
    },
    { write: 'set-network-info', uuid, networkInfo: [] },
    report(uuid, 0, { systemMetadata: true }),
  ]);
}

/** A uuid of our own for the snapshot's image record; the same for the same request. */
function shelveImageId(cause: string, uuid: string): string {
  const hex = createHash('sha256').update(`${cause} ${uuid}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
