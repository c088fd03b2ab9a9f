import type { ProviderInstanceRow } from '@burstcell/store';
import { type BuildDevice, existingVolumes } from './build-disks.js';
import { Failure } from './failure.js';
import type { OperationContext } from './verb.js';
import { volumeCaller } from './volume-caller.js';

interface Placed {
  readonly volumeId: string;
  readonly zone: string;
}

/**
 * The zone that these devices' existing volumes are in, and so the machine; undefined: there are none, or the provider does
 * not say. Changes nothing. Throws `invalid` for volumes of two zones, of another than the one `asked` for, and for one that is
 * not in the cloud.
 */
export async function volumesZone(
  context: OperationContext,
  devices: readonly BuildDevice[],
  asked: string | null,
): Promise<string | undefined> {
  const placed = await places(context, existingVolumes(devices), { projectId: context.instance.project_id ?? '' });
  const [first, ...others] = placed;
  if (first === undefined) return undefined;
  const apart = others.find(({ zone }) => zone !== first.zone);
  if (apart !== undefined) throw twoZones(first, apart);
  if (asked !== null && asked !== first.zone) throw notAsked(first, asked);
  return first.zone;
}

/** Before anything is reserved: whether the machine can have this volume. Throws `invalid` as above. */
export async function checkZone(context: OperationContext, row: ProviderInstanceRow, volumeId: string): Promise<void> {
  const [placed] = await places(context, [volumeId], { providerId: row.providerId });
  if (placed !== undefined && placed.zone !== row.zone) throw outOfReach(placed, row.zone);
}

/** Nothing where the provider does not say. */
async function places(
  context: OperationContext,
  volumeIds: readonly string[],
  whose: { readonly projectId: string } | { readonly providerId: string },
): Promise<readonly Placed[]> {
  const { provider, volumes, signal } = context;
  if (volumeIds.length === 0 || provider.describeVolumes === undefined) return [];
  const caller = volumeCaller(context);
  const ids = new Map<string, string>();
  for (const volumeId of volumeIds) ids.set(volumeId, await volumes.providerVolumeId(volumeId, caller));
  const found = await provider.describeVolumes([...ids.values()], { ...whose, signal });
  return [...ids].map(([volumeId, providerVolumeId]) => {
    const zone = found.get(providerVolumeId)?.zone;
    if (zone === undefined) throw new Failure('invalid', `Volume ${volumeId} does not exist in the cloud.`, 400);
    return { volumeId, zone };
  });
}

function twoZones(one: Placed, other: Placed): Failure {
  return new Failure(
    'invalid',
    `Volume ${one.volumeId} is in zone ${one.zone}, volume ${other.volumeId} in ${other.zone}: no server can have both.`,
    400,
  );
}

function notAsked({ volumeId, zone }: Placed, asked: string): Failure {
  return new Failure(
    'invalid',
    `Volume ${volumeId} is in zone ${zone}, and ${asked} was asked for; boot with --availability-zone ${zone}.`,
    400,
  );
}

function outOfReach({ volumeId, zone }: Placed, ofServer: string): Failure {
  return new Failure(
    'invalid',
    `Volume ${volumeId} is in zone ${zone}, the server in ${ofServer}; attach it to a server there, or boot one with --availability-zone ${zone}.`,
    400,
  );
}
