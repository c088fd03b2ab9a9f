import type { JsonObject } from '@burstcell/store';
import type { VolumeCaller, VolumeEndpoint } from '../volumes.js';
import type { OperationContext } from './verb.js';

/** The parameters in which a front leaves what the volume service is to be asked with; the token sealed. */
export interface VolumeParameters {
  readonly token?: string;
  readonly volumeEndpoints?: readonly VolumeEndpoint[];
}

export function volumeCaller({ operation, origin, secrets, signal }: OperationContext): VolumeCaller {
  const { token, volumeEndpoints = [] } = operation.parameters as unknown as VolumeParameters;
  return { token: secrets.open(token), projectId: origin.projectId, endpoints: volumeEndpoints, signal };
}

/** The same for an operation that follows this one. */
export function volumeParameters({ parameters }: OperationContext['operation']): JsonObject {
  const { token, volumeEndpoints } = parameters;
  return {
    ...(token === undefined ? {} : { token }),
    ...(volumeEndpoints === undefined ? {} : { volumeEndpoints }),
  };
}
