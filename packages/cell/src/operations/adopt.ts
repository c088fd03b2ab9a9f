import type { OperationRow, Write } from '@burstcell/store';
import { ADOPTION_GAP_MS, WAIT_SAFETY_MS } from '../timings.js';
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
    const how = context.parent.adoption();
    if (how === null) return { step: 'wait', at: 'parent-unknown', delayMs: WAIT_SAFETY_MS };
    if ('refusal' in how) throw new Failure('unsupported', how.refusal, 400);
    if (!isTold(context.operation)) await mark(context);
    return tell(context, how.parts);
  },

  afterFailure({ instance, operation, now }): readonly Write[] {
    if (isTold(operation) || operation.parameters.again === true) return [];
    return [{ write: 'delete-instance', uuid: instance.uuid, at: now() }, ...goneWrites(instance.uuid)];
  },
};

function isTold({ memo }: OperationRow): boolean {
  return memo.told !== undefined;
}

async function mark(context: OperationContext): Promise<void> {
  const { provider, instance, signal } = context;
  const row = await context.machine();
  if (row === null || provider.adopt === undefined) throw unsupportedVerb(adopt.name, provider.name);
  await provider.adopt(row.providerId, instance.uuid, { signal });
}

/**
 * A wake-up may come early: the gap is kept by the clock. The report after the last part is as complete, for a parent may
 * store the two in any order.
 */
function tell({ instance, operation, now }: OperationContext, parts: number): Step {
  const { told = 0, nextAt } = operation.memo as Memo;
  const leftMs = nextAt === undefined ? 0 : Date.parse(nextAt) - now().getTime();
  if (leftMs > 0) return { step: 'wait', at: 'telling', delayMs: leftMs };
  const writes: readonly Write[] = [{ write: 'message', uuid: instance.uuid, kind: 'adoption', payload: { part: told } }];
  if (told + 1 >= parts) return done([...writes, report(instance.uuid, 0, { names: true, image: true })]);
  const next = { told: told + 1, nextAt: new Date(now().getTime() + ADOPTION_GAP_MS).toISOString() };
  return { step: 'wait', at: 'telling', memo: next, delayMs: ADOPTION_GAP_MS, writes };
}
