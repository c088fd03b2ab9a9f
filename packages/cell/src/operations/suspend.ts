import { PowerState, TaskState, VmState } from '../states.js';
import { changeState } from './change-state.js';
import type { Verb } from './verb.js';

/** `nova suspend`: memory to disk. Where a vendor shows such a machine as stopped, our row knows better. */
export const suspend: Verb = {
  name: 'suspend',
  action: 'suspend',
  taskState: TaskState.SUSPENDING,
  from: [VmState.ACTIVE, VmState.RESCUED],
  deadline: 'verb',
  needs: ['suspend', 'resume'],

  run: (context) =>
    changeState(context, {
      until: ['suspended', 'stopped'],
      through: ['running', 'stopping'],
      order: async (providerId) => context.provider.suspend?.(providerId, { signal: context.signal }),
      rest: { vm_state: VmState.SUSPENDED, power_state: PowerState.SHUTDOWN },
    }),
};

/** `nova resume`. */
export const resume: Verb = {
  name: 'resume',
  action: 'resume',
  taskState: TaskState.RESUMING,
  from: [VmState.SUSPENDED],
  deadline: 'verb',
  needs: ['resume'],

  run: (context) =>
    changeState(context, {
      until: ['running'],
      through: ['suspended', 'stopping', 'stopped', 'pending'],
      order: async (providerId) => context.provider.resume?.(providerId, { signal: context.signal }),
      rest: { vm_state: VmState.ACTIVE, power_state: PowerState.RUNNING },
    }),
};
