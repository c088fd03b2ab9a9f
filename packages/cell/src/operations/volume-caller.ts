import type { JsonObject } from '@burstcell/store';
import type { VolumeCaller, VolumeEndpoint } from '../volumes.js';
import type { OperationContext } from './verb.js';

/** The parameters in which a front leaves what the volume service is to be asked with; the token sealed. */
export interface VolumeParameters {
  readonly auth_token?: string;
  readonly volumeEndpoints?: readonly VolumeEndpoint[];
}

export function volumeCaller({ operation, origin, secrets, signal }: OperationContext): VolumeCaller {
  const { auth_token: token, volumeEndpoints = [] } = operation.parameters as unknown as VolumeParameters;
  return { token: secrets.open(token), projectId: origin.projectId, endpoints: volumeEndpoints, signal };
}

/** The same for an operation that follows this one. */
export function volumeParameters({ parameters }: OperationContext['operation']): JsonObject {
  const { auth_token, volumeEndpoints } = parameters;
  return {
    ...(auth_token === undefined ? {} : { auth_token }),
    ...(volumeEndpoints === undefined ? {} : { volumeEndpoints }),
  };
}
