import { kindOf, type Progress } from '@burstcell/provider';
import type { JsonObject, ProviderInstanceRow, Write } from '@burstcell/store';
import { CONVERGE_MS, MAX_CONFLICTS } from '../timings.js';
import { watchWrite } from './machine.js';
import type { OperationContext, Wait } from './verb.js';

interface Convergence {
  readonly row: ProviderInstanceRow;
  /** The step to come back to. */
  readonly at: string;
  readonly memo?: JsonObject;
  readonly writes?: readonly Write[];
  /** Takes the next step at the provider; repeat-safe. */
  readonly step: () => Promise<Progress>;
}

/** Calls a change of several steps once more. Null: it is done; else the wait until the next call. */
export async function converge(context: OperationContext, convergence: Convergence): Promise<Wait | null> {
  const conflicts = Number(context.operation.memo.conflicts ?? 0);
  const progress = await progressOf(convergence, conflicts);
  if (progress === 'done') return null;
  const { row, at, memo, writes = [] } = convergence;
  return {
    step: 'wait',
    at,
    memo: { ...memo, conflicts: progress === 'conflict' ? conflicts + 1 : 0 },
    delayMs: CONVERGE_MS,
    writes: [...writes, watchWrite(row, context.now())],
  };
}

/** A machine in transition says `conflict`: it is asked again, as long as it does not rest in its way. */
async function progressOf({ step }: Convergence, conflicts: number): Promise<Progress | 'conflict'> {
  try {
    return await step();
  } catch (error) {
    if (kindOf(error) === 'conflict' && conflicts < MAX_CONFLICTS) return 'conflict';
    throw error;
  }
}
