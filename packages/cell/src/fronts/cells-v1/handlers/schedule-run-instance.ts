import { isJsonObject, WireError } from '@burstcell/wire';
import { buildFromSchedule, uuidsOfSchedule } from '../translate/schedule.js';
import { submitBuild } from './build-instances.js';
import type { Handler, HandlerTools, Incoming, Outcome } from './handler.js';

/** `nova boot` of a Grizzly parent. */
export const scheduleRunInstance: Handler = {
  method: 'schedule_run_instance',
  types: ['targeted'],

  handle(incoming: Incoming, tools: HandlerTools): Outcome {
    const kwargs = incoming.args.host_sched_kwargs;
    if (!isJsonObject(kwargs)) throw new WireError('bad-arguments', 'host_sched_kwargs is no object');
    return submitBuild({ uuids: () => uuidsOfSchedule(kwargs), read: () => buildFromSchedule(kwargs) }, incoming, tools);
  },
};
