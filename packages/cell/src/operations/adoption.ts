import { createHash } from 'node:crypto';
import type { ProviderInstance } from '@burstcell/provider';
import type { InstanceColumns, InstanceView, JsonObject, Store, Unit, Write } from '@burstcell/store';
import { type Origin, originToJson } from '../intent.js';
import { ADOPTION_DEADLINE_MS } from '../timings.js';
import { adopt } from './adopt.js';
import { restingColumns } from './change-state.js';
import { machineWrite } from './machine.js';
import { networkInfo } from './network-info.js';

/** In system_metadata, where the parent does not see it: the server was made known by us, not booted there. */
export const ADOPTED_NOTE = 'burst_adopted';

/** A machine that somebody else started, as an instance to be. */
export interface Adoption {
  readonly uuid: string;
  readonly machine: ProviderInstance;
  readonly name: string;
  readonly flavor: JsonObject;
  readonly projectId: string;
  readonly userId: string;
  readonly host: string;
  /** Its delete ends the machine; else the machine is left running, without our tags. */
  readonly isDeletable: boolean;
}

/**
 * The instance that stands, or would stand, for this machine: the same uuid each time the command is given, and a new one
 * once that instance was deleted, since a parent brings no server back to life.
 */
export async function adoptionOf(
  store: Pick<Store, 'instances'>,
  owner: string,
  providerId: string,
): Promise<{ readonly uuid: string; readonly instance: InstanceView | null }> {
  let uuid = uuidFor(owner, providerId);
  for (;;) {
    const instance = (await store.instances.views([uuid])).get(uuid);
    if (instance === undefined || instance.deleted === 0) return { uuid, instance: instance ?? null };
    uuid = uuidFor(uuid, providerId);
  }
}

/** The whole intent in one unit; given twice, it is there once. The cell's workers carry it out. */
export function adoptionUnit(adoption: Adoption, requestId: string, now: Date): Unit {
  const { uuid, machine, flavor, isDeletable, userId, projectId } = adoption;
  const insert: Write = {
    write: 'insert-instance',
    uuid,
    columns: columnsOf(adoption, now),
    metadata: {},
    systemMetadata: { [ADOPTED_NOTE]: 'true' },
    flavor,
    blockDevices: [],
    networkInfo: networkInfo(machine),
  };
  const mark = { ...machineWrite(uuid, machine, now, null), adopted: isDeletable ? 'deletable' : 'protected' } as const;
  // The uuid as the cause: two commands at once leave one operation.
  const wanted = { cause: uuid, origin: { requestId, userId, projectId }, parameters: {} };
  return { writes: [insert, mark, ...operationWrites(uuid, wanted, now)] };
}

/** All of it once more for an instance that is there: what was done is done again, what the parent lost is said again. */
export function adoptionAgain({ uuid, user_id, project_id }: InstanceView, requestId: string, now: Date): Unit {
  const origin = { requestId, userId: user_id, projectId: project_id };
  return { writes: operationWrites(uuid, { cause: requestId, origin, parameters: { again: true } }, now) };
}

interface Wanted {
  readonly cause: string;
  readonly origin: Origin;
  readonly parameters: JsonObject;
}

function operationWrites(uuid: string, { cause, origin, parameters }: Wanted, now: Date): readonly Write[] {
  const { requestId, userId, projectId } = origin;
  return [
    { write: 'start-action', uuid, action: 'adopt', requestId, userId, projectId, at: now },
    {
      write: 'enqueue-operation',
      instanceUuid: uuid,
      verb: adopt.name,
      parameters,
      cause,
      origin: originToJson(origin),
      deadline: new Date(now.getTime() + ADOPTION_DEADLINE_MS),
    },
  ];
}

function columnsOf({ machine, name, flavor, projectId, userId, host }: Adoption, now: Date): InstanceColumns {
  return {
    ...restingColumns(machine.state),
    task_state: null,
    display_name: name,
    // A machine's id is a hostname that every guest could have.
    hostname: machine.providerId,
    project_id: projectId,
    user_id: userId,
    // As of a server that was booted from a volume: no image of the parent's stands behind it.
    image_ref: '',
    host,
    node: host,
    launched_on: host,
    availability_zone: machine.zone,
    launched_at: machine.launchedAt === null ? now : new Date(machine.launchedAt),
    root_device_name: machine.rootDeviceName,
    ...sizesOf(flavor),
  };
}

function sizesOf(flavor: JsonObject): InstanceColumns {
  const number = (key: string) => Number(flavor[key] ?? 0);
  return {
    instance_type_id: number('id'),
    memory_mb: number('memory_mb'),
    vcpus: number('vcpus'),
    root_gb: number('root_gb'),
    ephemeral_gb: number('ephemeral_gb'),
  };
}

function uuidFor(before: string, providerId: string): string {
  const hex = createHash('sha256').update(`adopt ${before} ${providerId}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
