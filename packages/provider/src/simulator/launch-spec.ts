import { createHash } from 'node:crypto';
import { ProviderError } from '../errors.js';
import type { Json, JsonObject, Launch, LaunchRequest } from '../launch.js';
import type { Demand } from './machine.js';

/** A frozen launch as the simulated cloud reads it. */
export interface LaunchSpec {
  readonly token: string;
  readonly members: readonly string[];
  /** Equal for equal parameters, in whatever order a database gives their keys back. */
  readonly fingerprint: string;
  readonly owner: string;
  readonly zone: string;
  readonly demand: Demand;
  readonly imageId: string | null;
  readonly networks: readonly { readonly networkId: string; readonly fixedIp: string | null }[];
}

const DEFAULT_NETWORK = 'net-simulated';

/** Everything the simulated vendor is sent for one request, but for whom it is meant. */
export function parametersOf(request: LaunchRequest, owner: string): JsonObject {
  const { flavor } = request;
  return {
    owner,
    flavorId: flavor.flavorid,
    vcpus: flavor.vcpus,
    memoryMb: flavor.memoryMb,
    diskGb: flavor.rootGb + flavor.ephemeralGb,
    imageId: request.image.providerImageId ?? request.image.id,
    keyName: request.keyPair?.name ?? null,
    userData: request.userData,
    securityGroups: request.securityGroups,
    networks: request.networks.map(({ networkId, fixedIp }) => ({ networkId, fixedIp })),
  };
}

/** Reads a launch back; `invalid` when it was not frozen here. */
export function readSpec(launch: Launch): LaunchSpec {
  const { parameters } = launch;
  return {
    token: launch.token,
    members: launch.members,
    fingerprint: fingerprintOf([launch.offering.key, launch.members, parameters]),
    owner: textOf(parameters, 'owner'),
    zone: launch.offering.zone,
    demand: {
      vcpus: numberOf(parameters, 'vcpus'),
      memoryMb: numberOf(parameters, 'memoryMb'),
      diskGb: numberOf(parameters, 'diskGb'),
    },
    imageId: typeof parameters.imageId === 'string' ? parameters.imageId : null,
    networks: networksOf(parameters.networks),
  };
}

function networksOf(value: Json | undefined): LaunchSpec['networks'] {
  if (!Array.isArray(value) || value.length === 0) return [{ networkId: DEFAULT_NETWORK, fixedIp: null }];
  return (value as readonly Json[]).map((network) => {
    if (!isObject(network)) throw malformed('networks');
    const { networkId, fixedIp } = network;
    return {
      networkId: typeof networkId === 'string' ? networkId : DEFAULT_NETWORK,
      fixedIp: typeof fixedIp === 'string' ? fixedIp : null,
    };
  });
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(parameters: JsonObject, name: string): string {
  const value = parameters[name];
  if (typeof value !== 'string') throw malformed(name);
  return value;
}

function numberOf(parameters: JsonObject, name: string): number {
  const value = parameters[name];
  if (typeof value !== 'number') throw malformed(name);
  return value;
}

function malformed(name: string): ProviderError {
  return new ProviderError('invalid', `launch parameter ${name} is missing or of the wrong type`);
}

function fingerprintOf(value: Json): string {
  return createHash('sha256').update(canonical(value)).digest('base64');
}

function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const object = value as JsonObject;
  const members = Object.keys(object).toSorted();
  return `{${members.map((key) => `${JSON.stringify(key)}:${canonical(object[key] ?? null)}`).join()}}`;
}
