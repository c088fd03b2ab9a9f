import { TaskState, VmState } from '../states.js';
import { changeState } from './change-state.js';
import type { Verb } from './verb.js';

/** `nova stop`, as a cast or, from the EC2 API of old parents, as a call that waits. */
export const stop: Verb = {
  name: 'stop',
  action: 'stop',
  taskState: TaskState.POWERING_OFF,
  from: [VmState.ACTIVE, VmState.RESCUED, VmState.ERROR],
  deadline: 'verb',

  run: (context) =>
    changeState(context, {
      until: ['stopped'],
      through: ['pending', 'running', 'stopping'],
      order: (providerId) => context.provider.stop(providerId, { signal: context.signal }),
    }),
};
