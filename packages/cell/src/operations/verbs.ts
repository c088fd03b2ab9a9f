import { adopt } from './adopt.js';
import { build } from './build.js';
import { clearImage } from './clear-image.js';
import { deleteInstance } from './delete.js';
import { dispose } from './dispose.js';
import { addFixedIp, removeFixedIp } from './fixed-ip.js';
import { freeVolume } from './free-volume.js';
import { nothingToDo } from './no-op.js';
import { observe } from './observe.js';
import { pause, unpause } from './pause.js';
import { protect } from './protect.js';
import { rebootHard, rebootSoft } from './reboot.js';
import { rebuild } from './rebuild.js';
import { rescue, unrescue } from './rescue.js';
import { confirmResize, migrate, resize, revertResize } from './resize.js';
import { setPassword } from './set-password.js';
import { shelve, shelveOffload, unshelve } from './shelve.js';
import { backup, snapshot } from './snapshot.js';
import { reclaim, restore, softDelete } from './soft-delete.js';
import { start } from './start.js';
import { stop } from './stop.js';
import { resume, suspend } from './suspend.js';
import { unsupported } from './unsupported.js';
import type { Verb } from './verb.js';
import { attachVolume, detachVolume } from './volumes.js';

/** Verbs a parent can send that no provider here has an ability for yet, with nova's name of their action. */
const UNSUPPORTED: readonly (readonly [name: string, action: string | null])[] = [
  ['live-migrate', 'live-migration'],
  ['evacuate', 'evacuate'],
  ['inject-file', null],
  ['associate-floating-ip', null],
];

const ALL: readonly Verb[] = [
  build,
  deleteInstance,
  dispose,
  start,
  stop,
  rebootSoft,
  rebootHard,
  pause,
  unpause,
  suspend,
  resume,
  rescue,
  unrescue,
  softDelete,
  restore,
  reclaim,
  setPassword,
  protect,
  resize,
  migrate,
  confirmResize,
  revertResize,
  rebuild,
  snapshot,
  backup,
  clearImage,
  shelve,
  shelveOffload,
  unshelve,
  attachVolume,
  detachVolume,
  freeVolume,
  addFixedIp,
  removeFixedIp,
  adopt,
  observe,
  nothingToDo('reset-network'),
  nothingToDo('inject-network-info'),
  ...UNSUPPORTED.map(([name, action]) => unsupported(name, action)),
];

/** Every verb an operation can name. */
export const verbs: ReadonlyMap<string, Verb> = new Map(ALL.map((verb) => [verb.name, verb]));
