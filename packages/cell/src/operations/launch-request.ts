import type { FlavorRequest, ImageRequest, JsonObject, LaunchRequest } from '@burstcell/provider';
import type { InstanceView, Json } from '@burstcell/store';
import { type BuildDevice, buildDisks } from './build-disks.js';

/** What a build carries besides the instance's row; written by the front, kept with the operation. */
export interface BuildParameters {
  readonly image: JsonObject;
  readonly injectedFiles: readonly (readonly [string, string])[];
  readonly securityGroups: readonly string[];
  readonly networks: LaunchRequest['networks'];
  readonly schedulerHints: JsonObject;
  /** Zone the user asked for; null leaves it to us. */
  readonly zone: string | null;
  /** Devices beyond the image's disk as the flavor says. */
  readonly blockDevices?: readonly BuildDevice[];
  /** The front's note for the first report of the instance. */
  readonly reportHints: JsonObject;
}

export function buildParametersToJson(parameters: BuildParameters): JsonObject {
  return {
    image: parameters.image,
    injectedFiles: parameters.injectedFiles,
    securityGroups: parameters.securityGroups,
    networks: parameters.networks.map((network) => ({ ...network })),
    schedulerHints: parameters.schedulerHints,
    zone: parameters.zone,
    ...(parameters.blockDevices === undefined ? {} : { blockDevices: parameters.blockDevices.map((device) => ({ ...device })) }),
    reportHints: parameters.reportHints,
  };
}

/** Of an instance that comes back from a snapshot nobody says these things again. */
const NOTHING_SAID: BuildParameters = {
  image: {},
  injectedFiles: [],
  securityGroups: [],
  networks: [],
  schedulerHints: {},
  zone: null,
  reportHints: {},
};

interface Known {
  readonly instance: InstanceView;
  /** As {@link buildParametersToJson} wrote them. */
  readonly parameters: JsonObject;
  readonly zone: string | null;
  readonly disabledZones: readonly string[];
  readonly publicKey: string | null;
  /** Of its existing volumes; absent: it has none. */
  readonly volumesZone?: string;
  /** Of the instances that the hints name. */
  readonly zonesOfHinted: Readonly<Record<string, string>>;
}

export function launchRequest({ instance, parameters, publicKey, ...places }: Known): LaunchRequest {
  const known = { ...NOTHING_SAID, ...(parameters as unknown as Partial<BuildParameters>) };
  return {
    uuid: instance.uuid,
    projectId: instance.project_id ?? '',
    userId: instance.user_id ?? '',
    displayName: instance.display_name ?? instance.uuid,
    hostname: instance.hostname ?? instance.uuid,
    flavor: flavorRequest(instance),
    image: imageRequest(known.image),
    keyPair: instance.key_name === null ? null : { name: instance.key_name, publicKey },
    userData: instance.user_data,
    metadata: instance.metadata,
    ...places,
    securityGroups: known.securityGroups,
    networks: known.networks,
    injectedFiles: known.injectedFiles,
    // nova keeps it out of its database; we neither keep nor pass it on.
    adminPassword: null,
    ...buildDisks(known.blockDevices ?? [], flavorRequest(instance).ephemeralGb),
    configDrive: instance.config_drive !== null && instance.config_drive !== '',
    schedulerHints: known.schedulerHints,
  };
}

type Sized = Pick<InstanceView, 'flavor'> & Partial<Pick<InstanceView, 'vcpus' | 'memory_mb' | 'root_gb' | 'ephemeral_gb'>>;

/** The sizes of the row, where it is one, win over the flavor's: they are what the parent charges for. */
export function flavorRequest(instance: Sized): FlavorRequest {
  const flavor = instance.flavor ?? {};
  return {
    flavorid: textOf(flavor.flavorid) ?? '',
    name: textOf(flavor.name) ?? '',
    vcpus: instance.vcpus ?? numberOf(flavor.vcpus),
    memoryMb: instance.memory_mb ?? numberOf(flavor.memory_mb),
    rootGb: instance.root_gb ?? numberOf(flavor.root_gb),
    ephemeralGb: instance.ephemeral_gb ?? numberOf(flavor.ephemeral_gb),
    swapMb: numberOf(flavor.swap),
    extraSpecs: textsOf(flavor.extra_specs),
  };
}

export function imageRequest(image: JsonObject): ImageRequest {
  return {
    id: textOf(image.id),
    name: textOf(image.name),
    properties: textsOf(image.properties),
    minDiskGb: numberOf(image.min_disk),
    checksum: textOf(image.checksum),
    providerImageId: textOf(image.provider_image_id),
  };
}

function textOf(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function numberOf(value: Json | undefined): number {
  return typeof value === 'number' ? value : 0;
}

function textsOf(value: Json | undefined): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  const entries = Object.entries(value).filter(([, each]) => each !== null);
  return Object.fromEntries(entries.map(([key, each]) => [key, typeof each === 'string' ? each : JSON.stringify(each)]));
}
