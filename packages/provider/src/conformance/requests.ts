import { randomUUID } from 'node:crypto';
import type { Json, JsonObject, Launch, LaunchRequest } from '../launch.js';

/** One ordinary instance: small flavor, some image, nothing special. A new uuid each time. */
export function aLaunchRequest(overrides: Partial<LaunchRequest> = {}): LaunchRequest {
  const uuid = randomUUID();
  return {
    uuid,
    projectId: '7c1b2f0e5d3a4e6f8a9b0c1d2e3f4a5b',
    userId: '0f1e2d3c4b5a69788796a5b4c3d2e1f0',
    displayName: 'conformance',
    hostname: 'conformance',
    flavor: { flavorid: '2', name: 'm1.small', vcpus: 1, memoryMb: 2048, rootGb: 20, ephemeralGb: 0, swapMb: 0, extraSpecs: {} },
    image: {
      id: 'b0c9a2f4-1d3e-4f5a-8b6c-7d8e9f0a1b2c',
      name: 'debian',
      properties: {},
      minDiskGb: 0,
      checksum: null,
      providerImageId: null,
    },
    keyPair: null,
    userData: null,
    metadata: {},
    zone: null,
    disabledZones: [],
    securityGroups: ['default'],
    networks: [],
    injectedFiles: [],
    adminPassword: null,
    configDrive: false,
    schedulerHints: {},
    ...overrides,
  };
}

/** A flavor that no vendor sells. */
export function anImpossibleRequest(request: LaunchRequest): LaunchRequest {
  const flavor = { ...request.flavor, name: 'm1.impossible', vcpus: 1_000_000, memoryMb: 1024 ** 4 };
  return { ...request, flavor };
}

export function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** The launch under another one's token, wherever the provider has put its own. */
export function underTokenOf(launch: Launch, other: Launch): Launch {
  const parameters = replaceText(launch.parameters, { from: launch.token, to: other.token });
  return { ...launch, token: other.token, parameters: parameters as JsonObject };
}

/** As a row gives it back: another object, its keys in another order. */
export function recorded(launch: Launch): Launch {
  return reorderKeys(JSON.parse(JSON.stringify(launch)) as Json) as unknown as Launch;
}

function replaceText(value: Json, change: { readonly from: string; readonly to: string }): Json {
  if (typeof value === 'string') return value.replaceAll(change.from, change.to);
  return mapJson(value, (inner) => replaceText(inner, change));
}

function reorderKeys(value: Json): Json {
  const copy = mapJson(value, reorderKeys);
  if (typeof copy !== 'object' || copy === null || Array.isArray(copy)) return copy;
  return Object.fromEntries(Object.entries(copy).toReversed());
}

function mapJson(value: Json, change: (inner: Json) => Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(change);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, change(inner)]));
}
