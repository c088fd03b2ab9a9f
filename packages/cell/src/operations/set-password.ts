import { TaskState, VmState } from '../states.js';
import { livingMachineRow } from './change-state.js';
import { Failure } from './failure.js';
import { done, type OperationContext, type Step, type Verb } from './verb.js';

/** `nova set-password`. */
export const setPassword: Verb = {
  name: 'set-password',
  action: 'changePassword',
  taskState: TaskState.UPDATING_PASSWORD,
  from: [VmState.ACTIVE],
  deadline: 'verb',
  needs: ['setPassword'],

  async run(context: OperationContext): Promise<Step> {
    const password = context.secrets.open(context.operation.parameters.password);
    if (password === null) throw new Failure('invalid', 'The new password could not be read by this cell; set it again.', 400);
    const row = await livingMachineRow(context);
    await context.provider.setPassword?.(row.providerId, password, { signal: context.signal });
    return done([]);
  },
};
