import type { Ec2ReplaceRootVolumeTask, Ec2TaskState, ReplaceRootVolumeInput } from '../ports/ec2-storage-api.js';
import type { Account } from './account.js';
import { ec2Failure } from './failures.js';
import { checkArchitecture } from './launch-checks.js';
import type { Machine } from './machine.js';

interface Task {
  readonly input: ReplaceRootVolumeInput;
  readonly taskId: string;
  state: Ec2TaskState;
}

/** The account's root volume replacements. */
export class RootTasks {
  readonly #tasks: Task[] = [];
  /** How they end; tests make them fail. */
  endIn: 'succeeded' | 'failed' | 'failed-detached' = 'succeeded';

  add(task: Task): void {
    this.#tasks.push(task);
  }

  byToken(token: string): Task | undefined {
    return this.#tasks.find(({ input }) => input.clientToken === token);
  }

  active(instanceId: string): Task | undefined {
    return this.#tasks.find(
      ({ input, state }) => input.instanceId === instanceId && (state === 'pending' || state === 'in-progress'),
    );
  }

  succeeded(instanceId: string, deleted: boolean): number {
    return this.#tasks.filter(
      ({ input, state }) =>
        state === 'succeeded' && input.instanceId === instanceId && input.deleteReplacedRootVolume === deleted,
    ).length;
  }

  describe(instanceId: string): readonly Ec2ReplaceRootVolumeTask[] {
    return this.#tasks.filter(({ input }) => input.instanceId === instanceId).map(toTask);
  }
}

/** Throws IncorrectInstanceState unless it runs, InvalidAMIID.*, UnsupportedOperation and IdempotentParameterMismatch. */
export function createReplaceRootVolumeTask(account: Account, input: ReplaceRootVolumeInput): Ec2ReplaceRootVolumeTask {
  const earlier = account.rootTasks.byToken(input.clientToken);
  if (earlier !== undefined) {
    if (JSON.stringify(earlier.input) !== JSON.stringify(input)) {
      throw ec2Failure('IdempotentParameterMismatch', 'The client token was used with other parameters.');
    }
    return toTask(earlier);
  }
  const machine = checked(account, input);
  const task: Task = { input, taskId: account.newId('replacevol'), state: 'pending' };
  account.rootTasks.add(task);
  account.agenda.after(account.delays.volumeMs, () => {
    task.state = 'in-progress';
    account.agenda.after(account.delays.volumeMs, () => finish(account, machine, task));
  });
  return toTask(task);
}

function checked(account: Account, { instanceId, imageId }: ReplaceRootVolumeInput): Machine {
  const [machine] = account.machines.require([instanceId]);
  if (machine?.state !== 'running') {
    throw ec2Failure('IncorrectInstanceState', `The instance '${instanceId}' is not in the 'running' state.`);
  }
  checkArchitecture(machine.type, account.images.usable(imageId));
  if (machine.type.bareMetal) {
    throw ec2Failure('UnsupportedOperation', `Root volume replacement is not supported for ${machine.type.instanceType}.`);
  }
  if (account.rootTasks.active(instanceId)) {
    throw ec2Failure('IncorrectState', `A root volume replacement task of instance '${instanceId}' is in progress.`);
  }
  return machine;
}

function finish(account: Account, machine: Machine, task: Task): void {
  task.state = machine.state === 'running' ? account.rootTasks.endIn : 'failed';
  if (task.state !== 'succeeded') return;
  const image = account.images.usable(task.input.imageId);
  const old = account.volumes.at(machine, machine.rootDeviceName);
  machine.image = image;
  account.volumes.replaceRoot(machine, {
    deleteOld: task.input.deleteReplacedRootVolume,
    sizeGb: Math.max(image.rootSizeGb, old?.sizeGb ?? 0),
  });
}

function toTask({ input, taskId, state }: Task): Ec2ReplaceRootVolumeTask {
  return { taskId, instanceId: input.instanceId, state, tags: { ...input.tags } };
}
