import { setTimeout as sleep } from 'node:timers/promises';
import type { Ec2Api } from '../../src/ports/ec2-api.js';
import { SWEEP_LOOK_MS, SWEEP_PATIENCE_MS } from './limits.js';
import { livingMachines, ofRun } from './run-tag.js';

export interface Swept {
  /** Ids of what was there and has been ended or deleted. */
  readonly removed: readonly string[];
  /** What is still there, with the reason. */
  readonly left: readonly string[];
}

export interface SweepTimes {
  readonly patienceMs?: number;
  readonly lookMs?: number;
}

/** Ends and deletes everything with the run's tag: machines first, since they hold their volumes. Repeat-safe. */
export async function finalSweep(
  api: Ec2Api,
  run: string,
  { patienceMs = SWEEP_PATIENCE_MS, lookMs = SWEEP_LOOK_MS }: SweepTimes = {},
): Promise<Swept> {
  const removed = new Set<string>();
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const left = [
      ...(await endMachines(api, run, removed)),
      ...(await deleteStorage(api, run, removed)),
      ...(await deleteGroups(api, run, removed)),
    ];
    if (left.length === 0 || performance.now() >= deadline) return { removed: [...removed].sort(), left };
    await sleep(lookMs);
  }
}

async function endMachines(api: Ec2Api, run: string, removed: Set<string>): Promise<readonly string[]> {
  const ids = await livingMachines(api, run);
  if (ids.length === 0) return [];
  return tried(ids, removed, () => api.terminateInstances(ids));
}

async function deleteStorage(api: Ec2Api, run: string, removed: Set<string>): Promise<readonly string[]> {
  const filters = ofRun(run);
  const images = await api.describeImages({ owners: ['self'], filters });
  const snapshots = await api.describeSnapshots({ filters });
  const volumes = (await api.describeVolumes({ filters })).filter(({ state }) => state !== 'deleting' && state !== 'deleted');
  const left: string[] = [];
  for (const { imageId } of images) left.push(...(await tried([imageId], removed, () => api.deregisterImage(imageId))));
  for (const { snapshotId } of snapshots) {
    left.push(...(await tried([snapshotId], removed, () => api.deleteSnapshot(snapshotId))));
  }
  for (const { volumeId } of volumes) left.push(...(await tried([volumeId], removed, () => api.deleteVolume(volumeId))));
  return left;
}

/** Once no machine has them any more. */
async function deleteGroups(api: Ec2Api, run: string, removed: Set<string>): Promise<readonly string[]> {
  const left: string[] = [];
  for (const { groupId } of await api.describeSecurityGroups({ filters: ofRun(run) })) {
    left.push(...(await tried([groupId], removed, () => api.deleteSecurityGroup(groupId))));
  }
  return left;
}

/** What could not be removed, with EC2's words: a volume that its machine still holds, an image that is being made. */
async function tried(ids: readonly string[], removed: Set<string>, remove: () => Promise<void>): Promise<readonly string[]> {
  try {
    await remove();
    for (const id of ids) removed.add(id);
    return [];
  } catch (error) {
    return ids.map((id) => `${id} (${error instanceof Error ? error.message : String(error)})`);
  }
}
