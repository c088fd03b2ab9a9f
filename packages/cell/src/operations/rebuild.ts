import type { Write } from '@burstcell/store';
import { TaskState, VmState } from '../states.js';
import { livingMachineRow } from './change-state.js';
import { converge } from './converge.js';
import { report } from './endings.js';
import { IMPORTING } from './image-import.js';
import { callerOf } from './image-record.js';
import { clearedProgress } from './import-progress.js';
import { replacementImage } from './replacement-image.js';
import { atRest } from './rescue.js';
import { done, type OperationContext, type Step, type Verb } from './verb.js';
import { refuseVolumeBacked } from './volume-backed.js';

/**
 * `nova rebuild`: a new root disk from an image under the same machine. The image is chosen once and written down, and
 * imported before that where it has no counterpart.
 */
export const rebuild: Verb = {
  name: 'rebuild',
  action: 'rebuild',
  taskState: TaskState.REBUILDING,
  from: [VmState.ACTIVE, VmState.STOPPED, VmState.ERROR],
  deadline: 'build',
  failsTo: VmState.ERROR,
  needs: ['resolveImage', 'rebuild'],
  destroys: true,
  untouchedAt: [null, IMPORTING],

  async run(context: OperationContext): Promise<Step> {
    const { provider, operation, signal, instance } = context;
    await refuseVolumeBacked(context, 'boot another server from a volume of the image you want');
    const row = await livingMachineRow(context);
    const imageId = String(operation.parameters.image_href ?? '');
    const wanted = { imageId, providerId: row.providerId, step: 'rebuilding', caller: callerOf(context) };
    const providerImageId = await replacementImage(context, wanted);
    if (typeof providerImageId !== 'string') return providerImageId;
    const rebuild = { providerImageId, token: operation.cause };
    const step = async () => (await provider.rebuild?.(row.providerId, rebuild, { signal })) ?? 'done';
    const wait = await converge(context, { row, at: 'rebuilding', step });
    if (wait !== null) return wait;
    const columns = { launched_at: context.now(), image_ref: imageId };
    return done([...(await atRest(context, columns)), report(instance.uuid, 0, { image: true })]);
  },

  clearsAway: (context) => [...clearedProgress(context), ...imageAsItWas(context)],
};

/** A parent writes the new image down before it asks for it (nova/compute/api.py `rebuild`); where nothing was changed, it is told of the old. */
function imageAsItWas({ instance, operation }: OperationContext): readonly Write[] {
  const isUntouched = operation.step === null || operation.step === IMPORTING;
  return isUntouched && instance.image_ref !== null ? [report(instance.uuid, 0, { image: true })] : [];
}
