import { TaskState, VmState } from '../states.js';
import { endMachines } from './end-machines.js';
import { goneWrites } from './endings.js';
import { freeAllVolumes } from './free-volume.js';
import { done, type OperationContext, type Step, type Verb } from './verb.js';

/**
 * `nova delete` and force-delete, in any state, as often as it comes. The row goes as soon as the
 * provider has taken the order; the watcher follows the machine to its end.
 */
export const deleteInstance: Verb = {
  name: 'delete',
  action: 'delete',
  taskState: TaskState.DELETING,
  from: 'any',
  deadline: 'verb',
  cancels: { except: ['delete'] },
  failsTo: VmState.ERROR,
  onDeleted: true,

  async run(context: OperationContext): Promise<Step> {
    const { instance } = context;
    if (instance.deleted !== 0) return done([...goneWrites(instance.uuid)], { silent: true });
    const ended = [...(await endMachines(context)), ...(await freeAllVolumes(context))];
    return done([...ended, { write: 'delete-instance', uuid: instance.uuid, at: context.now() }, ...goneWrites(instance.uuid)], {
      silent: true,
    });
  },
};
