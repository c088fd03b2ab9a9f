import type { Write } from '@burstcell/store';
import { report } from '../../../operations/endings.js';
import type { ComputeApiCall } from './compute-api.js';
import type { Outcome } from './handler.js';

/** `nova lock` as a verb (Grizzly to Icehouse). Who locked it is said in the side message, where the release has it. */
export function lock({ uuid }: ComputeApiCall): Outcome {
  return changed(uuid, { write: 'patch-instance', uuid, set: { locked: true } });
}

/** `nova unlock` (Grizzly to Icehouse): the parent's row stays locked until we report it unlocked. */
export function unlock({ uuid }: ComputeApiCall): Outcome {
  return changed(uuid, { write: 'patch-instance', uuid, set: { locked: false, locked_by: null } });
}

function changed(uuid: string, patch: Write): Outcome {
  return { submit: { intents: [], writes: [patch, report(uuid)] } };
}
