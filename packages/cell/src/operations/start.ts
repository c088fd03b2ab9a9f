import { TaskState, VmState } from '../states.js';
import { changeState } from './change-state.js';
import type { Verb } from './verb.js';

/** `nova start`. A zone without room refuses it: the instance stays stopped, with a fault that says so. */
export const start: Verb = {
  name: 'start',
  action: 'start',
  taskState: TaskState.POWERING_ON,
  from: [VmState.STOPPED],
  deadline: 'verb',

  run: (context) =>
    changeState(context, {
      until: ['running'],
      through: ['stopping', 'stopped', 'pending'],
      order: (providerId) => context.provider.start(providerId, { signal: context.signal }),
    }),
};
