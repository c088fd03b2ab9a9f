import type { InstanceColumns } from '@burstcell/store';
import { report } from '../../../operations/endings.js';
import type { ComputeApiCall } from './compute-api.js';
import type { HandlerTools, Incoming, Outcome } from './handler.js';
import { protection } from './protection.js';

/** `nova lock` as a verb (Grizzly to Icehouse). Who locked it is said in the side message, where the release has it. */
export function lock({ uuid }: ComputeApiCall, incoming: Incoming, tools: HandlerTools): Promise<Outcome> {
  return changed(uuid, { locked: true }, incoming, tools);
}

/** `nova unlock` (Grizzly to Icehouse): the parent's row stays locked until we report it unlocked. */
export function unlock({ uuid }: ComputeApiCall, incoming: Incoming, tools: HandlerTools): Promise<Outcome> {
  return changed(uuid, { locked: false, locked_by: null }, incoming, tools);
}

/** The row and the parent learn of it at once; the machine follows. */
async function changed(uuid: string, set: InstanceColumns, incoming: Incoming, tools: HandlerTools): Promise<Outcome> {
  const intents = await protection(uuid, incoming, tools);
  return { submit: { intents, writes: [{ write: 'patch-instance', uuid, set }, report(uuid)] } };
}
