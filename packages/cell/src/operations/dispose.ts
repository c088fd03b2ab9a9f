import type { Write } from '@burstcell/store';
import { originToJson, ownOrigin } from '../intent.js';
import { endMachines } from './end-machines.js';
import { done, type OperationContext, type Step, type Verb } from './verb.js';

/** A machine we cannot end for this long is an operator's business: the operation then fails loudly. */
const DISPOSE_DEADLINE_MS = 7 * 24 * 3_600_000;

/** Ends what a failed build had started. The instance stays, in ERROR, until its user deletes it. */
export const dispose: Verb = {
  name: 'dispose',
  action: null,
  taskState: null,
  from: 'any',
  deadline: 'verb',
  onDeleted: true,

  async run(context: OperationContext): Promise<Step> {
    return done(await endMachines(context), { silent: true });
  },
};

/** Enqueues {@link dispose} if a launch was ever recorded. */
export function disposeWrites({ instance, operation, origin, now }: OperationContext): readonly Write[] {
  if (operation.memo.launches === undefined) return [];
  return [
    {
      write: 'enqueue-operation',
      instanceUuid: instance.uuid,
      verb: dispose.name,
      parameters: {},
      cause: operation.cause,
      origin: originToJson(ownOrigin(origin.requestId)),
      deadline: new Date(now().getTime() + DISPOSE_DEADLINE_MS),
    },
  ];
}
