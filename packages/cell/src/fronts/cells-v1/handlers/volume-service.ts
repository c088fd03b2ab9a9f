import type { JsonObject } from '@burstcell/store';
import { isJsonObject, type JsonValue } from '@burstcell/wire';
import type { Secrets } from '../../../secrets.js';
import type { VolumeEndpoint } from '../../../volumes.js';
import type { Incoming } from './handler.js';
import { sealedToken } from './sealed-token.js';

/** nova keeps these and a few others of a request's catalogue (nova/context.py, all releases). */
const TYPE = /^(volume(v[23])?|block-storage)$/;

/** What an operation asks the volume service with: the request's token, which no row holds in clear, and where that is. */
export function volumeService({ message: { ctxt } }: Pick<Incoming, 'message'>, secrets: Secrets): JsonObject {
  const catalogue = Array.isArray(ctxt.service_catalog) ? ctxt.service_catalog : [];
  const volumeEndpoints = catalogue.flatMap(endpointsOf);
  return {
    ...sealedToken(ctxt, secrets),
    ...(volumeEndpoints.length === 0 ? {} : { volumeEndpoints: volumeEndpoints.map((each) => ({ ...each })) }),
  };
}

function endpointsOf(service: JsonValue): readonly VolumeEndpoint[] {
  if (!isJsonObject(service) || typeof service.type !== 'string' || !TYPE.test(service.type)) return [];
  const { type, name } = service;
  const endpoints = Array.isArray(service.endpoints) ? service.endpoints.filter(isJsonObject) : [];
  return endpoints.map(({ region, ...urls }) => ({
    type,
    name: typeof name === 'string' ? name : null,
    region: typeof region === 'string' ? region : null,
    urls: Object.fromEntries(
      Object.entries(urls).flatMap(([face, url]) =>
        face.endsWith('URL') && typeof url === 'string' ? [[face, url] as const] : [],
      ),
    ),
  }));
}
