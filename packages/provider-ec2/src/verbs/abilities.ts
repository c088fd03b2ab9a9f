import { type CallOptions, type ImageRequest, type ProviderAbilities, ProviderError } from '@burstcell/provider';
import type { Ec2Verbs } from '../context.js';
import { GroupSync } from '../groups/sync-groups.js';
import { guarded } from '../limits/errors.js';
import { sizes } from '../planning/sizes.js';
import { adopt, release } from './adopt.js';
import { bootFromVolume } from './boot-from-volume.js';
import { consoleOutput } from './console.js';
import { describeVolumes } from './describe-volumes.js';
import { diagnostics } from './diagnostics.js';
import { encryptedPassword } from './encrypted-password.js';
import { addFixedIp, removeFixedIp } from './fixed-ips.js';
import { label } from './label.js';
import { deleteLeftover, leftovers } from './leftovers.js';
import { rebuild } from './rebuild.js';
import { rescue } from './rescue.js';
import { resize } from './resize.js';
import { screenshot } from './screenshot.js';
import { deleteSnapshot, describeSnapshots, snapshot } from './snapshots.js';
import { suspend } from './suspend.js';
import { type SwitchedAbilities, switchedAbilities } from './switched-abilities.js';
import { unowned } from './unowned.js';
import { unrescue } from './unrescue.js';
import { attachVolume, detachVolume } from './volumes.js';

/**
 * What EC2 can do beyond the verbs that every provider has, and what is switched on. Absent: `pause` (EC2 has nothing
 * like it) and consoles with a screen that takes keys; `changes` is there where a queue is.
 */
export type Ec2Abilities = Omit<
  Required<ProviderAbilities>,
  'pause' | 'unpause' | 'connectConsole' | 'validateConsole' | 'changes' | keyof SwitchedAbilities
> &
  SwitchedAbilities;

export function ec2Abilities(ec2: Ec2Verbs): Ec2Abilities {
  const of = (options?: CallOptions) => options?.signal;
  const groupSync = new GroupSync(ec2, ec2.followed);
  return {
    consoleOutput: (id, options) => guarded(consoleOutput(ec2, id, of(options))),
    screenshot: (id, options) => guarded(screenshot(ec2, id, options ?? {})),
    suspend: (id, options) => guarded(suspend(ec2, id, of(options))),
    resume: (id, options) => ec2.power.start(id, of(options)),
    sizes: (id, flavor, options) => guarded(sizes(ec2, id, flavor, of(options))),
    resize: (id, size, power, options) => guarded(resize(ec2, id, { size, power }, of(options))),
    resolveImage: (image, options) => guarded(resolveImage(ec2, image, of(options))),
    rebuild: (id, wish, options) => guarded(rebuild(ec2, id, wish, of(options))),
    rescue: (id, wish, options) => guarded(rescue(ec2, id, wish, of(options))),
    unrescue: (id, _, options) => guarded(unrescue(ec2, id, of(options))),
    snapshot: (id, wish, options) => guarded(snapshot(ec2, id, wish, of(options))),
    describeSnapshots: (ids, options) => guarded(describeSnapshots(ec2, ids, of(options))),
    deleteSnapshot: (id, options) => guarded(deleteSnapshot(ec2, id, of(options))),
    encryptedPassword: (id, options) => guarded(encryptedPassword(ec2, id, of(options))),
    diagnostics: (id, options) => guarded(diagnostics(ec2, id, of(options))),
    describeVolumes: (ids, options) => guarded(describeVolumes(ec2, ids, of(options))),
    bootFromVolume: (id, boot, options) => guarded(bootFromVolume(ec2, id, boot, of(options))),
    attachVolume: (id, volume, options) => guarded(attachVolume(ec2, id, volume, of(options))),
    detachVolume: (id, volumeId, options) => guarded(detachVolume(ec2, id, volumeId, of(options))),
    addFixedIp: (id, wish, options) => guarded(addFixedIp(ec2, id, wish, of(options))),
    removeFixedIp: (id, address, options) => guarded(removeFixedIp(ec2, id, address, of(options))),
    leftovers: (options) => guarded(leftovers(ec2, of(options))),
    deleteLeftover: (leftover, options) => guarded(deleteLeftover(ec2, leftover, of(options))),
    label: (id, labels, options) => guarded(label(ec2, id, labels, of(options))),
    prepareSecurityGroups: (request, options) => guarded(ec2.followed.prepare(request, of(options))),
    syncSecurityGroups: (read, options) => guarded(groupSync.run(read, of(options))),
    ...switchedAbilities(ec2),
    unowned: (page, options) => guarded(unowned(ec2, page, of(options))),
    adopt: (id, uuid, options) => guarded(adopt(ec2, id, uuid, of(options))),
    release: (id, options) => guarded(release(ec2, id, of(options))),
  };
}

/** The AMI of an image, by the same rules as at boot. Throws `invalid` when no image is named. */
async function resolveImage(ec2: Ec2Verbs, image: ImageRequest, signal?: AbortSignal): Promise<string> {
  signal?.throwIfAborted();
  if (image.id === null && image.providerImageId === null) {
    throw new ProviderError('invalid', 'no image is named', { subject: 'image', userMessage: 'Name an image.' });
  }
  return (await ec2.images.resolve(image, signal)).imageId;
}
