import type { Write } from '@burstcell/store';
import { originToJson, ownOrigin } from '../intent.js';
import { PROTECT_DEADLINE_MS } from '../timings.js';
import { machineOf } from './machine.js';
import { done, type OperationContext, type Step, type Verb } from './verb.js';

/**
 * Has the provider guard the machine as nova guards the instance: by what the row says of the lock when this runs, so that
 * the last of several comes out right. Nothing to do where there is no machine, or none any more; the parent needs no word.
 */
export const protect: Verb = {
  name: 'protect',
  action: null,
  taskState: null,
  from: 'any',
  deadline: 'verb',
  needs: ['protect'],
  onDeleted: true,

  async run(context: OperationContext): Promise<Step> {
    const { instance, provider, signal } = context;
    const row = await context.machine();
    const state = row === null ? 'terminated' : machineOf(row).state;
    if (row !== null && state !== 'terminated' && state !== 'terminating') {
      await provider.protect?.(row.providerId, instance.locked === true, { signal });
    }
    return done([], { silent: true });
  },
};

/** Enqueues {@link protect} for a locked instance that has got another machine, where the provider guards such. */
export function protectWrites({ instance, operation, origin, provider, now }: OperationContext): readonly Write[] {
  if (instance.locked !== true || provider.protect === undefined) return [];
  return [
    {
      write: 'enqueue-operation',
      instanceUuid: instance.uuid,
      verb: protect.name,
      parameters: {},
      cause: operation.cause,
      origin: originToJson(ownOrigin(origin.requestId)),
      deadline: new Date(now().getTime() + PROTECT_DEADLINE_MS),
    },
  ];
}
