/** nova's three state columns; the values are the wire's spelling (nova/compute/vm_states.py, task_states.py, power_state.py, Rocky). */

export const VmState = {
  BUILDING: 'building',
  ACTIVE: 'active',
  PAUSED: 'paused',
  SUSPENDED: 'suspended',
  STOPPED: 'stopped',
  RESCUED: 'rescued',
  RESIZED: 'resized',
  SOFT_DELETED: 'soft-delete',
  DELETED: 'deleted',
  ERROR: 'error',
  SHELVED: 'shelved',
  SHELVED_OFFLOADED: 'shelved_offloaded',
} as const;
export type VmState = (typeof VmState)[keyof typeof VmState];

/** Those that our operations set; null = idle. */
export const TaskState = {
  SCHEDULING: 'scheduling',
  SPAWNING: 'spawning',
  POWERING_ON: 'powering-on',
  POWERING_OFF: 'powering-off',
  REBOOTING: 'rebooting',
  REBOOTING_HARD: 'rebooting_hard',
  DELETING: 'deleting',
  SOFT_DELETING: 'soft-deleting',
  RESTORING: 'restoring',
  PAUSING: 'pausing',
  UNPAUSING: 'unpausing',
  SUSPENDING: 'suspending',
  RESUMING: 'resuming',
  RESCUING: 'rescuing',
  UNRESCUING: 'unrescuing',
  RESIZE_PREP: 'resize_prep',
  RESIZE_MIGRATING: 'resize_migrating',
  RESIZE_FINISH: 'resize_finish',
  RESIZE_REVERTING: 'resize_reverting',
  REBUILDING: 'rebuilding',
  IMAGE_SNAPSHOT: 'image_snapshot',
  IMAGE_BACKUP: 'image_backup',
  SHELVING: 'shelving',
  SHELVING_OFFLOADING: 'shelving_offloading',
  UNSHELVING: 'unshelving',
  UPDATING_PASSWORD: 'updating_password',
} as const;
export type TaskState = (typeof TaskState)[keyof typeof TaskState];

export const PowerState = {
  NOSTATE: 0,
  RUNNING: 1,
  PAUSED: 3,
  SHUTDOWN: 4,
  CRASHED: 6,
  SUSPENDED: 7,
} as const;
