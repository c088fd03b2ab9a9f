import { PowerState, TaskState, VmState } from '../states.js';
import { changeState } from './change-state.js';
import type { Verb } from './verb.js';

/** `nova pause`. */
export const pause: Verb = {
  name: 'pause',
  action: 'pause',
  taskState: TaskState.PAUSING,
  from: [VmState.ACTIVE, VmState.RESCUED],
  deadline: 'verb',
  needs: ['pause'],

  run: (context) =>
    changeState(context, {
      until: ['paused'],
      through: ['running'],
      order: async (providerId) => context.provider.pause?.(providerId, { signal: context.signal }),
    }),
};

/** `nova unpause`. */
export const unpause: Verb = {
  name: 'unpause',
  action: 'unpause',
  taskState: TaskState.UNPAUSING,
  from: [VmState.PAUSED],
  deadline: 'verb',
  needs: ['unpause'],

  run: (context) =>
    changeState(context, {
      until: ['running'],
      through: ['paused'],
      order: async (providerId) => context.provider.unpause?.(providerId, { signal: context.signal }),
      rest: { vm_state: VmState.ACTIVE, power_state: PowerState.RUNNING },
    }),
};
