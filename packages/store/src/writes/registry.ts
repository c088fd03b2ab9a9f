import type { Write } from '../write.js';
import { addActionEvent } from './add-action-event.js';
import { addFault } from './add-fault.js';
import { addTaskLog } from './add-task-log.js';
import { cancelOperations } from './cancel-operations.js';
import { deleteBlockDevice } from './delete-block-device.js';
import { deleteInstance } from './delete-instance.js';
import { deleteMetadata } from './delete-metadata.js';
import { enqueueOperation } from './enqueue-operation.js';
import { finishAction } from './finish-action.js';
import { finishOperation } from './finish-operation.js';
import { forgetImage } from './forget-image.js';
import { insertInstance } from './insert-instance.js';
import { lookSoon } from './look-soon.js';
import { message } from './message.js';
import { observeProviderInstance } from './observe-provider-instance.js';
import { patchInstance } from './patch-instance.js';
import { recordImage } from './record-image.js';
import { recordLaunch } from './record-launch.js';
import { recordMigration } from './record-migration.js';
import { reject } from './reject.js';
import { rememberFlavor } from './remember-flavor.js';
import { report } from './report.js';
import { saveOperation } from './save-operation.js';
import { setBandwidth } from './set-bandwidth.js';
import { setBlockDevice } from './set-block-device.js';
import { setFlavors } from './set-flavors.js';
import { setMetadata } from './set-metadata.js';
import { setMigrationStatus } from './set-migration-status.js';
import { setNetworkInfo } from './set-network-info.js';
import { setProviderInstance } from './set-provider-instance.js';
import { setSystemMetadata } from './set-system-metadata.js';
import { settleLaunch } from './settle-launch.js';
import { startAction } from './start-action.js';
import { wakeOperations } from './wake-operations.js';
import type { WriteKind } from './write-kind.js';

/**
 * Every kind of write, in the order in which a unit's writes are applied whatever order they are listed in: an instance
 * before what is said of it, an action before its events, a volume is detached before another takes its device name,
 * operations are cancelled before new ones join, deletion last of what touches the instance's own rows.
 */
export const WRITE_KINDS: readonly WriteKind[] = [
  rememberFlavor,
  insertInstance,
  patchInstance,
  setNetworkInfo,
  setFlavors,
  deleteMetadata,
  setMetadata,
  setSystemMetadata,
  deleteBlockDevice,
  setBlockDevice,
  recordMigration,
  setMigrationStatus,
  addFault,
  startAction,
  addActionEvent,
  finishAction,
  saveOperation,
  finishOperation,
  cancelOperations,
  wakeOperations,
  enqueueOperation,
  recordLaunch,
  settleLaunch,
  setProviderInstance,
  observeProviderInstance,
  lookSoon,
  recordImage,
  forgetImage,
  setBandwidth,
  addTaskLog,
  message,
  report,
  deleteInstance,
  reject,
];

const BY_NAME: ReadonlyMap<string, WriteKind> = new Map(WRITE_KINDS.map((kind) => [kind.kind, kind]));

/** Throws for a kind that does not exist: a fault of the caller's, since kinds never come from outside. */
export function kindOf(write: Write): WriteKind {
  const kind = BY_NAME.get(write.write);
  if (kind === undefined) throw new TypeError(`no such write: ${write.write}`);
  return kind;
}
