import { ProviderError, type ProviderSnapshot } from '@burstcell/provider';
import type { Ec2Context } from '../context.js';
import { cut, inheritedTags, MAX_VALUE, STEP_TAG, TAG } from '../launching/tags.js';
import { stepToken } from '../launching/tokens.js';
import { ec2Cause } from '../limits/errors.js';
import type { Ec2Image, Ec2Instance } from '../ports/ec2-api.js';
import { FILTER_MAX_VALUES } from '../timings.js';
import { rootVolumeOf, wrongState } from '../watching/machine-state.js';

/**
 * An AMI of the machine's root disk; volumes attached to it stay out, as nova's own stay. CreateImage has no
 * client token, so the image's name is made of ours: names are unique in an account, and who comes second is
 * told so and finds the first. The user's name is the tag `Name`.
 */
export async function snapshot(
  ec2: Ec2Context,
  id: string,
  { name, token }: { readonly name: string; readonly token: string },
  signal?: AbortSignal,
): Promise<ProviderSnapshot> {
  const imageName = stepToken('snapshot', id, token);
  const made = await byName(ec2, imageName, signal);
  if (made) return toSnapshot(made);

  const machine = await ec2.instances.one(id, signal);
  if (machine.state !== 'running' && machine.state !== 'stopped') throw wrongState(machine, 'snapshotted');
  try {
    return pending((await create(ec2, machine, { imageName, name }, signal)).imageId);
  } catch (error) {
    const cause = ec2Cause(error);
    const twin = cause?.code === 'InvalidAMIName.Duplicate' ? /ami-[0-9a-f]+/.exec(cause.message)?.[0] : undefined;
    if (twin === undefined) throw error;
    return (await describeSnapshots(ec2, [twin], signal)).get(twin) ?? pending(twin);
  }
}

/** Those that exist, by id: images of this account. */
export async function describeSnapshots(
  ec2: Ec2Context,
  ids: readonly string[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, ProviderSnapshot>> {
  const found = new Map<string, ProviderSnapshot>();
  for (let at = 0; at < ids.length; at += FILTER_MAX_VALUES) {
    // A filter, since one unknown id among `ImageId`s fails the whole call.
    const images = await ownImages(ec2, { 'image-id': ids.slice(at, at + FILTER_MAX_VALUES) }, signal);
    for (const image of images) found.set(image.imageId, toSnapshot(image));
  }
  return found;
}

/**
 * The image first, since its snapshots cannot go before it; they are known by what AWS writes into their
 * description. Dying in between, the same call finds and deletes them. Only images of this cell.
 */
export async function deleteSnapshot(ec2: Ec2Context, imageId: string, signal?: AbortSignal): Promise<void> {
  if (!/^ami-[0-9a-f]+$/.test(imageId)) return;
  const [image] = await ownImages(ec2, { 'image-id': [imageId] }, signal);
  if (image && image.tags?.[TAG.cell] !== cellTag(ec2)) throw foreign(imageId);
  if (image) await deregister(ec2, imageId, signal);

  const snapshots = await ec2.calls.read({
    action: 'DescribeSnapshots',
    signal,
    run: (api, options) =>
      api.describeSnapshots(
        { filters: { description: [`Created by CreateImage(*) for ${imageId}*`], [`tag:${TAG.cell}`]: [cellTag(ec2)] } },
        options,
      ),
  });
  for (const { snapshotId } of snapshots) await deleteEbsSnapshot(ec2, snapshotId, signal);
}

interface Naming {
  readonly imageName: string;
  readonly name: string;
}

function create(ec2: Ec2Context, machine: Ec2Instance, { imageName, name }: Naming, signal?: AbortSignal) {
  const { instanceId, blockDevices = [] } = machine;
  const root = rootVolumeOf(machine);
  return ec2.calls.once({
    action: 'CreateImage',
    signal,
    run: (api, options) =>
      api.createImage(
        {
          ...{ instanceId, name: imageName, noReboot: !ec2.config.snapshotReboot },
          omitDevices: blockDevices.filter((device) => device !== root).map(({ deviceName }) => deviceName),
          tags: {
            ...inheritedTags(machine.tags),
            [TAG.cell]: cellTag(ec2),
            [STEP_TAG.snapshot]: imageName,
            ...(name === '' ? {} : { Name: cut(name, MAX_VALUE) }),
          },
        },
        options,
      ),
  });
}

async function deregister(ec2: Ec2Context, imageId: string, signal?: AbortSignal): Promise<void> {
  try {
    await ec2.calls.once({ action: 'DeregisterImage', signal, run: (api, options) => api.deregisterImage(imageId, options) });
  } catch (error) {
    if (!ec2Cause(error)?.code.startsWith('InvalidAMIID.')) throw error;
  }
}

async function deleteEbsSnapshot(ec2: Ec2Context, snapshotId: string, signal?: AbortSignal): Promise<void> {
  try {
    await ec2.calls.once({ action: 'DeleteSnapshot', signal, run: (api, options) => api.deleteSnapshot(snapshotId, options) });
  } catch (error) {
    if (ec2Cause(error)?.code !== 'InvalidSnapshot.NotFound') throw error;
  }
}

async function byName(ec2: Ec2Context, name: string, signal?: AbortSignal): Promise<Ec2Image | undefined> {
  const [image] = await ownImages(ec2, { name: [name] }, signal);
  return image;
}

function ownImages(
  ec2: Ec2Context,
  filters: Readonly<Record<string, readonly string[]>>,
  signal?: AbortSignal,
): Promise<readonly Ec2Image[]> {
  return ec2.calls.read({
    action: 'DescribeImages',
    signal,
    run: (api, options) => api.describeImages({ owners: ['self'], filters }, options),
  });
}

const cellTag = ({ config }: Ec2Context): string => config.cellName.slice(0, MAX_VALUE);

function pending(snapshotId: string): ProviderSnapshot {
  return { snapshotId, state: 'pending', progress: null, sizeGb: null };
}

/** AWS: Image, State; all but these two are ends. */
function toSnapshot({ imageId, state, snapshots = [], rootSizeGb }: Ec2Image): ProviderSnapshot {
  const isReady = state === 'available';
  const sizes = snapshots.map(({ sizeGb }) => sizeGb);
  return {
    snapshotId: imageId,
    state: isReady ? 'available' : state === 'pending' ? 'pending' : 'error',
    progress: isReady ? 100 : null,
    sizeGb: sizes.length > 0 ? sizes.reduce((sum, size) => sum + size, 0) : rootSizeGb,
  };
}

function foreign(imageId: string): ProviderError {
  return new ProviderError('invalid', `${imageId} is no image of this cell: it is left alone`, {
    subject: 'image',
    userMessage: "The image is not one of this cell's snapshots and cannot be deleted by it.",
  });
}
