import type { Write } from '@burstcell/store';
import { ADOPTION_PARTS } from '../parent-link.js';
import { ADOPTION_GAP_MS } from '../timings.js';
import { goneWrites, report } from './endings.js';
import { Failure, unsupportedVerb } from './failure.js';
import { done, type OperationContext, type Step, type Verb } from './verb.js';

/** How far the parent was told. */
interface Memo {
  readonly told?: number;
  /** When the next part may be said, ISO 8601. */
  readonly nextAt?: string;
}

/**
 * Makes a machine that somebody else started ours at the provider, then known at the parent (`burstcell adopt`, which
 * recorded the row). Each effect may be repeated. A refusal takes the row away again, as long as the parent never heard of it;
 * with the parameter `again` it has.
 */
export const adopt: Verb = {
  name: 'adopt',
  action: 'adopt',
  taskState: null,
  from: 'any',
  deadline: 'verb',

  async run(context: OperationContext): Promise<Step> {
    if (context.operation.step === null) await mark(context);
    return tell(context);
  },

  afterFailure({ instance, operation, now }): readonly Write[] {
    if (operation.step !== null || operation.parameters.again === true) return [];
    return [{ write: 'delete-instance', uuid: instance.uuid, at: now() }, ...goneWrites(instance.uuid)];
  },
};

async function mark(context: OperationContext): Promise<void> {
  const { provider, parent, instance, signal } = context;
  const refusal = parent.refusesAdoption();
  if (refusal !== null) throw new Failure('unsupported', refusal, 400);
  const row = await context.machine();
  if (row === null || provider.adopt === undefined) throw unsupportedVerb(adopt.name, provider.name);
  await provider.adopt(row.providerId, instance.uuid, { signal });
}

/** A wake-up may come early: the gap is kept by the clock. */
function tell({ instance, operation, now }: OperationContext): Step {
  const { told = 0, nextAt } = operation.memo as Memo;
  const leftMs = nextAt === undefined ? 0 : Date.parse(nextAt) - now().getTime();
  if (leftMs > 0) return { step: 'wait', at: 'telling', delayMs: leftMs };
  if (told === ADOPTION_PARTS) return done([report(instance.uuid)]);
  return {
    step: 'wait',
    at: 'telling',
    memo: { told: told + 1, nextAt: new Date(now().getTime() + ADOPTION_GAP_MS).toISOString() },
    delayMs: ADOPTION_GAP_MS,
    writes: [{ write: 'message', uuid: instance.uuid, kind: 'adoption', payload: { part: told } }],
  };
}
