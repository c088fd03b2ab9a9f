import { TaskState, VmState } from '../states.js';
import { livingMachineRow } from './change-state.js';
import { converge } from './converge.js';
import { report } from './endings.js';
import { Failure } from './failure.js';
import { atRest, imageById } from './rescue.js';
import { done, type OperationContext, type Step, type Verb } from './verb.js';
import { refuseVolumeBacked } from './volume-backed.js';

/** `nova rebuild`: a new root disk from an image under the same machine. The image is chosen once and written down. */
export const rebuild: Verb = {
  name: 'rebuild',
  action: 'rebuild',
  taskState: TaskState.REBUILDING,
  from: [VmState.ACTIVE, VmState.STOPPED, VmState.ERROR],
  deadline: 'build',
  failsTo: VmState.ERROR,
  needs: ['resolveImage', 'rebuild'],
  destroys: true,

  async run(context: OperationContext): Promise<Step> {
    const { provider, operation, signal, instance } = context;
    await refuseVolumeBacked(context, 'boot another server from a volume of the image you want');
    const row = await livingMachineRow(context);
    const imageRef = String(operation.parameters.image_href ?? '');
    const providerImageId = await chosenImage(context, imageRef, row.providerId);
    const rebuild = { providerImageId, token: operation.cause };
    const step = async () => (await provider.rebuild?.(row.providerId, rebuild, { signal })) ?? 'done';
    const wait = await converge(context, { row, at: 'rebuilding', step });
    if (wait !== null) return wait;
    const columns = { launched_at: context.now(), image_ref: imageRef };
    return done([...(await atRest(context, columns)), report(instance.uuid, 0, { image: true })]);
  },
};

async function chosenImage(context: OperationContext, imageRef: string, providerId: string): Promise<string> {
  const { provider, operation, signal, store, record } = context;
  if (typeof operation.memo.providerImageId === 'string') return operation.memo.providerImageId;
  const own = await store.images.find(imageRef);
  const image = { ...imageById(imageRef), providerImageId: own?.providerImageId ?? null };
  const providerImageId = await provider.resolveImage?.(image, { signal, providerId });
  if (providerImageId === undefined) throw new Failure('unsupported', 'Images cannot be changed in this cell.', 400);
  await record([{ write: 'save-operation', id: operation.id, step: 'rebuilding', memo: { providerImageId } }]);
  return providerImageId;
}
