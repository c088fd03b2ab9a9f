import type { Write } from '@burstcell/store';
import { report } from '../../../operations/endings.js';
import { LIFT_TASK_STATE_MS } from '../timings.js';
import { columnsFromApi } from '../translate/columns-from-api.js';
import { fieldsOf } from '../translate/fields.js';
import type { ComputeApiCall } from './compute-api.js';
import type { Outcome } from './handler.js';
import { resetWrites } from './instance-update-from-api.js';

/**
 * `update` of the compute API (Grizzly to Icehouse): what the parent wrote into its own row. It is `nova rename`, it is
 * `nova reset-state` when it names vm_state (Grizzly), and mostly it only goes before a verb, with what is left of the
 * parent's own bookkeeping.
 */
export function update({ uuid, kwargs }: ComputeApiCall): Outcome {
  const isReset = Object.hasOwn(kwargs, 'vm_state');
  const set = columnsFromApi(fieldsOf({ ...kwargs }, 'update: the columns'), isReset);
  const writes: readonly Write[] = [
    ...(Object.keys(set).length === 0 ? [] : [{ write: 'patch-instance', uuid, set } as const]),
    ...(isReset ? resetWrites(uuid) : []),
    ...(setTaskState(kwargs) ? [report(uuid, LIFT_TASK_STATE_MS)] : []),
  ];
  return writes.length === 0 ? 'nothing' : { submit: { intents: [], writes } };
}

/**
 * The parent's row has a task state now, stripped from the message; the verb's own report takes it back, and is merged with
 * this one. A verb that the parent cannot send (Grizzly's live-migration) leaves it to this one alone.
 */
function setTaskState(kwargs: ComputeApiCall['kwargs']): boolean {
  return Object.hasOwn(kwargs, 'expected_task_state');
}
