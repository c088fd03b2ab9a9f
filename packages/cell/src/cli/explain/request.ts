import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { FlavorRequest, Json, JsonObject, LaunchRequest } from '@burstcell/provider';
import { CliError, ExitCode } from '../cli-error.js';

/** What the command line says of a boot; repeated options are lists. */
export interface RequestOptions {
  /** A file with a flavor in JSON, as `nova flavor-show` names its fields. */
  readonly flavor?: string;
  readonly vcpus?: number;
  readonly ramMb?: number;
  readonly diskGb?: number;
  readonly spec: readonly Pair[];
  readonly image?: string;
  readonly imageProperty: readonly Pair[];
  readonly zone?: string;
  readonly hint: readonly Pair[];
  readonly network: readonly string[];
  readonly securityGroup: readonly string[];
  readonly project?: string;
}

export type Pair = readonly [key: string, value: string];

/** The request of such a boot, as a parent would send it. Rejects with a `CliError`. */
export async function requestFrom(options: RequestOptions): Promise<LaunchRequest> {
  const { image, imageProperty, zone, hint, network, securityGroup, project } = options;
  return {
    ...{ uuid: randomUUID(), projectId: project ?? 'explain', userId: 'explain', displayName: 'explain', hostname: 'explain' },
    flavor: await flavorFrom(options),
    image: {
      ...{ id: image ?? 'any', name: image ?? null, properties: Object.fromEntries(imageProperty) },
      ...{ minDiskGb: 0, checksum: null, providerImageId: null },
    },
    ...{ keyPair: null, userData: null, metadata: {}, zone: zone ?? null, disabledZones: [] },
    securityGroups: securityGroup,
    networks: network.map((networkId) => ({ networkId, fixedIp: null, portId: null })),
    ...{ injectedFiles: [], adminPassword: null, configDrive: false, schedulerHints: hintsFrom(hint) },
  };
}

async function flavorFrom({ flavor, vcpus, ramMb, diskGb, spec }: RequestOptions): Promise<FlavorRequest> {
  const read = flavor === undefined ? undefined : toFlavor(await readJson(flavor), flavor);
  if (read === undefined && (vcpus === undefined || ramMb === undefined)) {
    throw usage('the flavor is not known', 'Give --flavor FILE, or --vcpus and --ram-mb (and --disk-gb).');
  }
  return {
    ...{ flavorid: read?.flavorid ?? '', name: read?.name ?? 'explain' },
    ...{ vcpus: vcpus ?? read?.vcpus ?? 0, memoryMb: ramMb ?? read?.memoryMb ?? 0, rootGb: diskGb ?? read?.rootGb ?? 0 },
    ...{ ephemeralGb: read?.ephemeralGb ?? 0, swapMb: read?.swapMb ?? 0 },
    extraSpecs: { ...read?.extraSpecs, ...Object.fromEntries(spec) },
  };
}

/** nova's names: of its API (`ram`, `disk`, `OS-FLV-EXT-DATA:ephemeral`) and of its objects (`memory_mb`, `root_gb`, `ephemeral_gb`). */
function toFlavor(given: JsonObject, file: string): FlavorRequest {
  const inner = given.flavor;
  const flavor: JsonObject = isObject(inner) ? inner : given;
  const number = (...names: readonly string[]) =>
    Number(names.map((name) => flavor[name]).find((value) => value !== undefined) ?? 0);
  const text = (...names: readonly string[]) =>
    String(names.map((name) => flavor[name]).find((value) => value !== undefined) ?? '');
  const [vcpus, memoryMb] = [number('vcpus'), number('ram', 'memory_mb')];
  if (!(vcpus > 0 && memoryMb > 0))
    throw usage(`${file}: is no flavor`, "It needs vcpus and ram (or memory_mb), in nova's units.");
  const specs = flavor.extra_specs;
  return {
    ...{ flavorid: text('flavorid', 'id'), name: text('name'), vcpus, memoryMb, rootGb: number('disk', 'root_gb') },
    ...{ ephemeralGb: number('OS-FLV-EXT-DATA:ephemeral', 'ephemeral_gb'), swapMb: number('swap') },
    extraSpecs: isObject(specs) ? Object.fromEntries(Object.entries(specs).map(([key, value]) => [key, String(value)])) : {},
  };
}

async function readJson(file: string): Promise<JsonObject> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (isObject(value)) return value;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw usage(`${file}: ${why}`, 'Name a file that holds a flavor in JSON.', cause);
  }
  throw usage(`${file}: is no JSON object`, 'Name a file that holds a flavor in JSON.');
}

/** A hint that is repeated is a list, as nova's own client makes it. */
function hintsFrom(pairs: readonly Pair[]): JsonObject {
  const hints: Record<string, Json> = {};
  for (const [key, value] of pairs) {
    const before = Object.hasOwn(hints, key) ? hints[key] : undefined;
    hints[key] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  return hints;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function usage(message: string, remedy: string, cause?: unknown): CliError {
  return new CliError(message, remedy, { exitCode: ExitCode.USAGE, cause });
}
