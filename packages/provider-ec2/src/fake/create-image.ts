import type { Ec2Image } from '../ports/ec2-api.js';
import type { CreateImageInput } from '../ports/ec2-storage-api.js';
import type { Account } from './account.js';
import { ec2Failure } from './failures.js';
import type { Machine } from './machine.js';
import { checkTags } from './tag-checks.js';

/** AWS: CreateImage, Name. */
const NAME = /^[A-Za-z0-9()[\] ./\-'@_]{3,128}$/;

/** An image of a running or stopped machine: pending, then available with its snapshots. Throws InvalidAMIName.* and IncorrectState. */
export function createImage(account: Account, input: CreateImageInput): { readonly imageId: string } {
  const [machine] = account.machines.require([input.instanceId]);
  if (machine === undefined) throw ec2Failure('InternalError', 'no machine');
  if (machine.state !== 'running' && machine.state !== 'stopped') {
    throw ec2Failure('IncorrectState', `Instance '${machine.id}' is not 'running' or 'stopped'.`);
  }
  if (!NAME.test(input.name)) {
    throw ec2Failure('InvalidAMIName.Malformed', 'AMI names must be between 3 and 128 characters long');
  }
  checkTags(input.tags);
  account.images.mustBeNew(input.name);
  const image = imageOf(account, machine, input);
  account.images.add(image);
  finishLater(account, image);
  return { imageId: image.imageId };
}

/** Throws InvalidSnapshot.NotFound, and InvalidSnapshot.InUse while an image stands on it. */
export function deleteSnapshot({ images, snapshots }: Account, snapshotId: string): void {
  const imageId = images.holds(snapshotId);
  if (imageId !== undefined) {
    throw ec2Failure('InvalidSnapshot.InUse', `The snapshot ${snapshotId} is currently in use by ${imageId}`);
  }
  snapshots.remove(snapshotId);
}

function imageOf(account: Account, machine: Machine, { name, omitDevices, tags }: CreateImageInput): Ec2Image {
  const imageId = account.newId('ami');
  const volumes = account.volumes.devicesOf(machine).filter(({ deviceName }) => !omitDevices.includes(deviceName));
  const snapshots = volumes.map(({ volumeId }) => {
    const snapshot = { snapshotId: account.newId('snap'), sizeGb: account.volumes.require(volumeId).sizeGb };
    // The words are AWS's own, and the only tie between a snapshot and an image that is gone.
    const description = `Created by CreateImage(${machine.id}) for ${imageId}`;
    account.snapshots.put({ ...snapshot, description, state: 'pending', progress: 0, tags });
    return snapshot;
  });
  const root = account.volumes.at(machine, machine.rootDeviceName);
  return {
    ...{ imageId, name, snapshots, tags, state: 'pending' },
    architecture: machine.image.architecture,
    rootDeviceName: machine.rootDeviceName,
    rootSizeGb: root?.sizeGb ?? machine.image.rootSizeGb,
    creationDate: new Date(account.clock.now()).toISOString(),
  };
}

function finishLater(account: Account, { imageId, snapshots = [] }: Ec2Image): void {
  const ids = snapshots.map(({ snapshotId }) => snapshotId);
  account.agenda.after(account.delays.imageMs, () => {
    account.images.change(imageId, { state: 'available' });
    for (const snapshot of account.snapshots.all()) {
      if (ids.includes(snapshot.snapshotId)) account.snapshots.put({ ...snapshot, state: 'completed', progress: 100 });
    }
  });
}
