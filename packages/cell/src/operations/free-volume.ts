import { isRepeatable } from '@burstcell/provider';
import type { NewBlockDevice, Write } from '@burstcell/store';
import { originToJson } from '../intent.js';
import { CONVERGE_MS, FREE_VOLUME_MS, RETRY_MAX_MS } from '../timings.js';
import { Failure, toFailure } from './failure.js';
import { done, type OperationContext, type Step, type Verb } from './verb.js';
import { volumeCaller, volumeParameters } from './volume-caller.js';

/**
 * Puts the volume service right after an attach that failed and when the instance has gone (`free`, or `delete` where the volume
 * goes with it), or after a detach that failed (`keep`). It never stands in the way of the instance's other verbs: what has to wait goes to their end.
 */
export const freeVolume: Verb = {
  name: 'free-volume',
  action: null,
  taskState: null,
  from: 'any',
  deadline: 'verb',
  onDeleted: true,
  // Nothing else would give the volume back: a verb that ends what the instance is doing leaves this alone.
  cancels: { only: [] },

  async run(context: OperationContext): Promise<Step> {
    const end = context.operation.parameters as unknown as VolumeEnd;
    const waitMs = await attempt(context, end);
    if (waitMs === null) return done([], { silent: true });
    if (context.now().getTime() >= end.until)
      throw new Failure('late', `Volume ${nameOf(end)} could not be given back to the volume service.`, 503);
    return done([enqueue(context, { ...end, tries: end.tries + 1 }, waitMs)], { silent: true });
  },
};

/** What is to become of a volume, as the operation keeps it. */
interface VolumeEnd {
  /** Null: the one that was made for `device`, if it was. */
  readonly volumeId: string | null;
  readonly device?: string;
  readonly how: 'free' | 'keep' | 'delete';
  /** When it is given up, in ms. */
  readonly until: number;
  /** What it comes from; with the volume and the number of tries it makes the operation's own cause, of which a verb has one. */
  readonly since: string;
  readonly tries: number;
}

/** Null: it is done; else the pause until the next attempt. */
async function attempt(context: OperationContext, { volumeId: known, device = '', how }: VolumeEnd): Promise<number | null> {
  const { volumes, instance } = context;
  const caller = volumeCaller(context);
  try {
    const volumeId = known ?? (await volumes.findMade({ instanceUuid: instance.uuid, device }, caller));
    if (volumeId === null) return null;
    const use = { volumeId, instanceUuid: instance.uuid };
    if (how === 'keep') await volumes.rollDetaching(use, caller);
    else if ((await detach(context, volumeId)) === 'under-way') return CONVERGE_MS;
    else await volumes.free(use, caller);
    if (how === 'delete') await volumes.remove(use, caller);
    return null;
  } catch (error) {
    if (context.signal.aborted || error instanceof Failure || !isRepeatable(error)) throw error;
    return RETRY_MAX_MS;
  }
}

/** A machine that has ended, and a volume that the cloud does not know, hold nothing. */
async function detach(context: OperationContext, volumeId: string) {
  const { provider, volumes, signal } = context;
  const row = await context.machine();
  if (row === null) return 'done';
  try {
    const providerVolumeId = await volumes.providerVolumeId(volumeId, volumeCaller(context));
    return (await provider.detachVolume?.(row.providerId, providerVolumeId, { signal })) ?? 'done';
  } catch (error) {
    const { kind } = toFailure(error);
    if (kind === 'not-found' || kind === 'invalid') return 'done';
    if (kind === 'conflict') return 'under-way';
    throw error;
  }
}

export function freeVolumeWrite(context: OperationContext, volumeId: string, how: VolumeEnd['how'] = 'free'): Write {
  const until = context.now().getTime() + FREE_VOLUME_MS;
  return enqueue(context, { volumeId, how, until, since: context.operation.cause, tries: 0 }, 0);
}

/** As {@link freeVolumeWrite}, of a volume that a build may have had made for itself: it is deleted. */
export function deleteMadeWrite(context: OperationContext, device: string): Write {
  const until = context.now().getTime() + FREE_VOLUME_MS;
  return enqueue(context, { volumeId: null, device, how: 'delete', until, since: context.operation.cause, tries: 0 }, 0);
}

function nameOf({ volumeId, device }: VolumeEnd): string {
  return volumeId ?? `of ${device}`;
}

function enqueue({ instance, operation, origin, now }: OperationContext, end: VolumeEnd, waitMs: number): Write {
  const { answer: _, ...asked } = origin;
  const runAt = new Date(now().getTime() + waitMs);
  return {
    write: 'enqueue-operation',
    instanceUuid: instance.uuid,
    verb: freeVolume.name,
    parameters: { ...end, ...volumeParameters(operation) },
    cause: `${end.since} ${nameOf(end)} ${end.tries}`,
    origin: originToJson(asked),
    runAt,
    deadline: new Date(runAt.getTime() + FREE_VOLUME_MS),
  };
}

/** For an instance that goes: one {@link freeVolume} for each volume it has or was about to get. */
export async function freeAllVolumes(context: OperationContext): Promise<readonly Write[]> {
  const devices = await context.store.instances.blockDevices(context.instance.uuid);
  const ends = new Map(devices.flatMap((device) => (isVolume(device) ? [[device.volume_id ?? '', endOf(device)] as const] : [])));
  return [...ends].map(([volumeId, how]) => freeVolumeWrite(context, volumeId, how));
}

function isVolume({ volume_id: id, destination_type: destination, source_type: source }: NewBlockDevice): boolean {
  return id !== null && (destination === 'volume' || source === 'volume');
}

/** `delete_on_termination` holds for what hung at the server: one that it never got may be another's by now. */
function endOf({ delete_on_termination: isDeleted, connection_info: connection }: NewBlockDevice): VolumeEnd['how'] {
  return isDeleted === true && connection !== null ? 'delete' : 'free';
}
