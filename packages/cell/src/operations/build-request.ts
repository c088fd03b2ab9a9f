import type { LaunchRequest } from '@burstcell/provider';
import type { JsonObject } from '@burstcell/store';
import { buildParameters } from './build-parameters.js';
import { devicesOf } from './build-volumes.js';
import { Failure } from './failure.js';
import { hintedZones } from './hinted-zones.js';
import { ownImage } from './image-record.js';
import { launchRequest } from './launch-request.js';
import type { OperationContext } from './verb.js';
import { volumesZone } from './volume-zone.js';

/** What the provider is asked for, with all that is known of it by now. Changes nothing. Throws what is wrong with it. */
export async function requestOf(context: OperationContext): Promise<LaunchRequest> {
  const { instance, operation, hosts, store } = context;
  const hints = (operation.parameters.schedulerHints ?? {}) as JsonObject;
  const [disabledZones, zone, publicKey, zonesOfHinted] = await Promise.all([
    hosts.disabledZones(),
    wantedZone(context),
    publicKeyOf(context),
    hintedZones(store, hosts, hints),
  ]);
  const heldIn = await volumesZone(context, devicesOf(context), zone);
  const request = launchRequest({
    ...{ instance, parameters: buildParameters(context), zone, disabledZones, publicKey, zonesOfHinted },
    ...(heldIn === undefined ? {} : { volumesZone: heldIn }),
  });
  return { ...request, image: await ownImage(context, request.image) };
}

/** The zone that was asked for; null: none in particular. Throws `invalid` for one that this cell has not. */
export async function wantedZone({ operation, hosts }: OperationContext): Promise<string | null> {
  const { zone } = operation.parameters;
  const { zones } = await hosts.shape();
  return zoneFor(
    typeof zone === 'string' ? zone : null,
    zones.map(({ name }) => name),
  );
}

/** `nova` is the parent's name for "no zone in particular" (default_availability_zone), unless the cloud has one so called. */
function zoneFor(wanted: string | null, zones: readonly string[]): string | null {
  if (wanted === null || zones.includes(wanted)) return wanted;
  if (wanted === 'nova') return null;
  throw new Failure('invalid', `Availability zone ${wanted} is not in this cell; it has ${zones.join(', ')}.`, 400);
}

async function publicKeyOf({ instance, parent, signal }: OperationContext): Promise<string | null> {
  if (instance.key_name === null || instance.key_data !== null || instance.user_id === null) return instance.key_data;
  return parent.publicKey(instance.user_id, instance.key_name, signal);
}
