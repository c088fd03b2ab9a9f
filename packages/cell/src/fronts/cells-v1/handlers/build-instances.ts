import type { Write } from '@burstcell/store';
import { isJsonObject, type JsonObject, WireError } from '@burstcell/wire';
import type { Intent } from '../../../intent.js';
import { report } from '../../../operations/endings.js';
import { VmState } from '../../../states.js';
import { translateBuild, uuidsOfBuild } from '../translate/build.js';
import type { Handler, HandlerTools, Incoming, Outcome } from './handler.js';
import { volumeService } from './volume-service.js';

/** `nova boot`, one or many: the parent has made its rows already and forgets the request once it is sent. */
export const buildInstances: Handler = {
  method: 'build_instances',
  types: ['targeted'],

  handle(incoming: Incoming, tools: HandlerTools): Outcome {
    const kwargs = incoming.args.build_inst_kwargs;
    if (!isJsonObject(kwargs)) throw new WireError('bad-arguments', 'build_inst_kwargs is no object');
    return submitBuild({ uuids: () => uuidsOfBuild(kwargs), read: () => kwargs }, incoming, tools);
  },
};

/** A build in any release's form. */
export interface ReceivedBuild {
  /** Of its instances, as far as they can be read; asked only of a build that makes no sense otherwise. */
  readonly uuids: () => readonly string[];
  /** As `build_inst_kwargs`. May throw a WireError. */
  readonly read: () => JsonObject;
}

/** What cannot be read beyond its uuids, or cannot be stored, ends in ERROR with the reason: nobody else would ever end it. */
export function submitBuild({ uuids: uuidsOf, read }: ReceivedBuild, incoming: Incoming, tools: HandlerTools): Outcome {
  const { message, origin } = incoming;
  const instead = (reason: string) => uuidsOf().flatMap((uuid) => stillborn(uuid, reason));
  try {
    const build = translateBuild(read(), { dialect: tools.dialect, cause: message.uuid, origin });
    return { submit: { ...build, intents: build.intents.map((intent) => askingVolumes(intent, incoming, tools)), instead } };
  } catch (error) {
    const writes = error instanceof WireError ? instead(error.message) : [];
    if (!(error instanceof WireError) || writes.length === 0) throw error;
    tools.log.error({ uuids: uuidsOf(), err: error }, 'a build could not be understood; its instances go to ERROR');
    return { submit: { intents: [], writes } };
  }
}

/** Only builds with devices of their own have volumes. */
function askingVolumes(intent: Intent, incoming: Incoming, { secrets }: HandlerTools): Intent {
  if (intent.parameters.blockDevices === undefined) return intent;
  return { ...intent, parameters: { ...intent.parameters, ...volumeService(incoming, secrets) } };
}

function stillborn(uuid: string, reason: string): readonly Write[] {
  const fault = {
    code: 400,
    message: `The cell could not read this request: ${reason}`.slice(0, 255),
    details: reason,
    host: null,
  };
  return [
    {
      write: 'insert-instance',
      uuid,
      columns: { vm_state: VmState.ERROR, task_state: null, power_state: 0 },
      metadata: {},
      systemMetadata: {},
      flavor: {},
      blockDevices: [],
      networkInfo: [],
    },
    { write: 'add-fault', uuid, ...fault },
    { write: 'message', uuid, kind: 'fault', payload: { instance_uuid: uuid, ...fault } },
    report(uuid),
  ];
}
