import type { NewBlockDevice } from '@burstcell/store';
import { Failure } from './failure.js';
import type { OperationContext } from './verb.js';

type Device = Pick<NewBlockDevice, 'boot_index' | 'volume_id'>;

/** Whether the server boots from a volume of the volume service: its disk is not the cell's to replace or to end. */
export async function isVolumeBacked({ store, instance }: Pick<OperationContext, 'store' | 'instance'>): Promise<boolean> {
  return (await store.instances.blockDevices(instance.uuid)).some(isRootVolume);
}

export function isRootVolume({ boot_index: index, volume_id: id }: Device): boolean {
  return index === 0 && id !== null;
}

/** As nova's own children refuse it (nova/compute/api.py). Throws `unsupported`; the instance is as it was. */
export async function refuseVolumeBacked(context: OperationContext, remedy: string): Promise<void> {
  const { operation } = context;
  if (operation.step !== null || !(await isVolumeBacked(context))) return;
  const why = `The server boots from a volume, for which ${operation.verb} is not available`;
  throw new Failure('unsupported', `${why}; ${remedy}.`, 400);
}
