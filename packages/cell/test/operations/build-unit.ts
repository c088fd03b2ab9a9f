import { randomUUID } from 'node:crypto';
import type { JsonObject, Unit } from '@burstcell/store';
import { submissionUnit } from '../../src/operations/submit.js';
import { verbs } from '../../src/operations/verbs.js';

const DEADLINES = { buildMs: 600_000, verbMs: 300_000 };

const PARAMETERS: JsonObject = {
  image: { id: 'image', properties: {} },
  injectedFiles: [],
  securityGroups: [],
  networks: [],
  schedulerHints: {},
  zone: null,
  reportHints: {},
};

interface More {
  readonly parameters?: JsonObject;
  readonly userData?: string;
}

/** What a message that asks for a small server leaves behind. */
export function buildUnit(uuid: string, { parameters = {}, userData }: More = {}): Unit {
  const cause = randomUUID();
  const origin = { requestId: `req-${cause}`, userId: 'u', projectId: 'p' };
  const intents = [{ verb: 'build', uuid, parameters: { ...PARAMETERS, ...parameters }, cause, origin }];
  return submissionUnit(
    { messageUuid: cause, method: 'test', intents, writes: [insertWrite(uuid, userData)] },
    verbs,
    DEADLINES,
    new Date(),
  );
}

function insertWrite(uuid: string, userData: string | undefined) {
  const size = { memory_mb: 512, vcpus: 1, root_gb: 8, ephemeral_gb: 0 };
  return {
    write: 'insert-instance',
    uuid,
    columns: {
      ...{ vm_state: 'building', display_name: 'web', project_id: 'p', user_id: 'u', image_ref: 'image' },
      ...size,
      ...(userData === undefined ? {} : { user_data: userData }),
    },
    metadata: {},
    systemMetadata: {},
    flavor: { id: 1, flavorid: '1', name: 'm1.tiny', ...size },
    blockDevices: [],
    networkInfo: [],
  } as const;
}
