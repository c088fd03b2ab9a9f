import type { InstanceView, JsonObject } from '@burstcell/store';
import type { OperationContext } from './verb.js';

/**
 * With the volumes that were made for it, or that it had: of one that is built once more nobody says again what it boots from, but
 * its row tells of the image.
 */
export function buildParameters(context: OperationContext): JsonObject {
  const { operation, instance } = context;
  const { blockDevices } = operation.memo;
  if (blockDevices === undefined) return operation.parameters;
  const image = { id: null, properties: imageProperties(instance.system_metadata) };
  return { image, ...operation.parameters, blockDevices };
}

/** nova keeps an image's properties with its instances (nova/utils.py, instance_sys_meta). */
function imageProperties(systemMetadata: InstanceView['system_metadata']): JsonObject {
  const own = Object.entries(systemMetadata).filter(([key]) => key.startsWith('image_'));
  return Object.fromEntries(own.map(([key, value]) => [key.slice('image_'.length), value]));
}
