import type { Write } from '@burstcell/store';
import { report } from './endings.js';
import type { OperationContext } from './verb.js';

/**
 * How far an import has come, in nova's `progress` column, which `nova show` prints of servers that are ACTIVE or REBUILD
 * (nova/api/openstack/compute/views/servers.py). A build has no host yet while it waits, and an instance without one is
 * not to be reported to every parent: its progress is in the log alone.
 */
export function shownProgress({ instance }: Pick<OperationContext, 'instance'>, progress: number | null): readonly Write[] {
  const percent = Math.floor(progress ?? 0);
  if (instance.host === null || percent === (instance.progress ?? 0)) return [];
  return progressWrites(instance.uuid, percent);
}

/** Back to nova's 0, where it was shown. */
export function clearedProgress({ instance }: Pick<OperationContext, 'instance'>): readonly Write[] {
  return instance.host === null || (instance.progress ?? 0) === 0 ? [] : progressWrites(instance.uuid, 0);
}

function progressWrites(uuid: string, progress: number): readonly Write[] {
  return [{ write: 'patch-instance', uuid, set: { progress } }, report(uuid, 0, { progress: true })];
}
