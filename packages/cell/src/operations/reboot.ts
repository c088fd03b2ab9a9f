import { TaskState, VmState } from '../states.js';
import { changeState, livingMachineRow, restWrites } from './change-state.js';
import { machineOf } from './machine.js';
import { done, type OperationContext, type Step, type Verb } from './verb.js';

const COMMON = { action: 'reboot', deadline: 'verb' } as const;

/** `nova reboot`: the guest is asked; a repeated request reboots it once more, which nova allows. */
export const rebootSoft: Verb = {
  ...COMMON,
  name: 'reboot-soft',
  taskState: TaskState.REBOOTING,
  from: [VmState.ACTIVE],
  run: (context) => rebootRunning(context),
};

/** `nova reboot --hard`: also brings a stopped or broken instance up. */
export const rebootHard: Verb = {
  ...COMMON,
  name: 'reboot-hard',
  taskState: TaskState.REBOOTING_HARD,
  from: [VmState.ACTIVE, VmState.STOPPED, VmState.PAUSED, VmState.SUSPENDED, VmState.ERROR],

  async run(context: OperationContext): Promise<Step> {
    const { state } = machineOf(await livingMachineRow(context));
    if (state === 'running' && context.operation.step === null) return rebootRunning(context);
    return changeState(context, {
      until: ['running'],
      through: ['stopping', 'stopped', 'pending'],
      order: (providerId) => context.provider.start(providerId, { signal: context.signal }),
    });
  },
};

async function rebootRunning(context: OperationContext): Promise<Step> {
  const row = await livingMachineRow(context);
  await context.provider.reboot(row.providerId, { signal: context.signal });
  return done(restWrites(context.instance.uuid, machineOf(row)));
}
