import { isJsonObject, WireError } from '@burstcell/wire';
import type { ComputeApiCall } from './compute-api.js';
import type { Outcome } from './handler.js';

/** `nova meta set`: the parent has stored it already and strips it from what we send, so our copy is all there is to do. */
export function updateMetadata({ uuid, args, kwargs }: ComputeApiCall): Outcome {
  const given = args[0];
  if (!isJsonObject(given)) throw new WireError('bad-arguments', 'update_instance_metadata: the metadata is no object');
  const values = Object.fromEntries(Object.entries(given).map(([key, value]) => [key, String(value)]));
  return { submit: { intents: [], writes: [{ write: 'set-metadata', uuid, values, replace: kwargs.delete === true }] } };
}

/** `nova meta delete`. */
export function deleteMetadata({ uuid, args }: ComputeApiCall): Outcome {
  const key = args[0];
  if (typeof key !== 'string') throw new WireError('bad-arguments', 'delete_instance_metadata: the key is no string');
  return { submit: { intents: [], writes: [{ write: 'delete-metadata', uuid, keys: [key] }] } };
}
