import type { Clock } from '../clock.js';
import type { Budget } from '../limits/budget.js';
import type { Log } from '../log.js';
import type { PriceTable } from '../planning/price-file.js';
import type { Refusals } from '../planning/unavailable.js';
import type { CommandsApi } from '../ports/commands-api.js';
import type { Ec2Api, Ec2Market } from '../ports/ec2-api.js';
import type { EventsApi } from '../ports/events-api.js';
import type { ImageStore } from '../ports/image-store.js';
import type { MetricsApi } from '../ports/metrics-api.js';
import type { PriceList } from '../ports/price-list.js';
import { type AddressPoolSettings, addressPool } from './address-options.js';
import { Ec2OptionError, OptionReader } from './option-reader.js';
import { roleOptions } from './role-options.js';
import { type SerialSettings, serialSettings } from './serial-options.js';
import { volumeBootAmi } from './volume-boot-option.js';

type Names = Readonly<Record<string, string>>;
type NameLists = Readonly<Record<string, readonly string[]>>;

/** The `[ec2]` section as the program uses it; each field is explained in `ec2Options`. */
export interface Ec2Settings {
  readonly region: string;
  readonly endpointUrl?: string;
  /** Absent: changes are found by sweeps alone. */
  readonly eventsQueueUrl?: string;
  readonly profile?: string;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  readonly sessionToken?: string;
  readonly roleArn?: string;
  readonly externalId?: string;
  readonly accountsFile?: string;
  readonly stsEndpointUrl?: string;
  readonly connectTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly zones: readonly string[];
  readonly subnets: NameLists;
  readonly networkLabel: string;
  readonly securityGroupIds: readonly string[];
  readonly securityGroupMap: NameLists;
  /** Template of the name of EC2's group; absent: groups are not looked up by name. */
  readonly securityGroupNames?: string;
  readonly networkMap: NameLists;
  readonly publicAddress: 'subnet' | 'always' | 'never';
  readonly elasticAddress: 'never' | 'on-request' | 'always';
  readonly elasticAddressPool: AddressPoolSettings;
  readonly placementGroupMap: Names;
  readonly instanceTypeMap: NameLists;
  readonly preferredFamilies: readonly string[];
  readonly burstable: boolean;
  readonly gpuAliases: readonly string[];
  readonly maxCandidates: number;
  readonly market: Ec2Market;
  readonly maxLaunchSize: number;
  readonly refusalMemoryMs: number;
  /** The operator's own prices; empty without a price file. */
  readonly priceTable: PriceTable;
  readonly livePrices: boolean;
  readonly spotPrices: boolean;
  readonly imageMap: Names;
  readonly imageProperties: readonly string[];
  readonly defaultAmi?: string;
  /** Absent: images are not imported. */
  readonly importBucket?: string;
  /** AMIs by architecture that stand in for volumes; see ANY_ARCHITECTURE. */
  readonly volumeBootAmi: Names;
  readonly rootVolumeType: string;
  readonly encrypted: boolean;
  /** Whether a snapshot reboots the server first. */
  readonly snapshotReboot: boolean;
  readonly rescueAmi?: string;
  readonly keyPairMap: Names;
  readonly guestMetadata: 'config-drive' | 'always' | 'never';
  readonly configDrivePath: string;
  readonly swap: 'file' | 'none';
  readonly imdsV2: boolean;
  readonly iamInstanceProfile?: string;
  readonly tags: Names;
  /** Absent: metadata is not tagged. */
  readonly metadataTagPrefix?: string;
  readonly metrics: 'none' | 'cloudwatch';
  readonly setPassword: 'none' | 'ssm';
  /** Whether locked servers are protected against termination. */
  readonly lockProtects: boolean;
  /** Absent: no serial consoles are opened. */
  readonly serialConsole?: SerialSettings;
}

/** What the choice of instance types looks at. */
export type Ec2SizeSettings = Pick<Ec2Settings, 'preferredFamilies' | 'burstable' | 'maxCandidates' | 'gpuAliases'>;

/** Settings and what the cell brings along. */
export interface Ec2ProviderConfig extends Ec2Settings {
  /** Name of the cell and the mark of its database's life: together they own machines. */
  readonly cellName: string;
  readonly incarnation: string;
  /** In place of the AWS SDK. */
  readonly api?: Ec2Api;
  readonly metricsApi?: MetricsApi;
  readonly commandsApi?: CommandsApi;
  /** In place of the queue at {@link eventsQueueUrl}. */
  readonly events?: EventsApi;
  /** In place of S3. */
  readonly imageStore?: ImageStore;
  /** In place of AWS's price list. */
  readonly priceList?: PriceList;
  /** In place of a budget of this process alone. */
  readonly sharedBudget?: Budget;
  /** In place of a memory of this process alone. */
  readonly sharedRefusals?: Refusals;
  /** Numbers of the accounts that are served beside this one. */
  readonly otherAccounts?: readonly string[];
  readonly clock?: Clock;
  readonly log?: Log;
}

/** Reads the section's keys as they stand in the file. Throws {@link Ec2OptionError} for unknown keys and wrong values. */
export function parseEc2Options(values: Readonly<Record<string, string>>): Ec2Settings {
  const read = new OptionReader(values);
  return {
    ...credentials(read),
    ...places(read),
    ...sizes(read),
    ...images(read),
    ...guests(read),
    ...consoles(read),
  };
}

function credentials(read: OptionReader) {
  const accessKeyId = read.optional('access_key_id');
  const secretAccessKey = read.optional('secret_access_key');
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined)) {
    const missing = accessKeyId === undefined ? 'access_key_id' : 'secret_access_key';
    throw new Ec2OptionError(
      missing,
      'is missing beside its other half',
      'set both, or neither to use the default credential chain',
    );
  }
  return {
    region: read.required('region', 'set it to the AWS region of this cell, for example eu-central-1'),
    ...given('endpointUrl', read.url('endpoint_url')),
    ...given('eventsQueueUrl', read.url('events_queue_url')),
    ...given('profile', read.optional('profile')),
    ...given('accessKeyId', accessKeyId),
    ...given('secretAccessKey', secretAccessKey),
    ...given('sessionToken', read.optional('session_token')),
    ...roleOptions(read),
    ...given('accountsFile', read.optional('accounts_file')),
    ...given('stsEndpointUrl', read.url('sts_endpoint_url')),
    connectTimeoutMs: read.integer('connect_timeout') * 1000,
    requestTimeoutMs: read.integer('request_timeout') * 1000,
  };
}

function places(read: OptionReader) {
  return {
    zones: read.list('zones'),
    subnets: read.lists('subnets'),
    networkLabel: read.text('network_label'),
    securityGroupIds: read.list('security_group_ids'),
    securityGroupMap: read.lists('security_group_map'),
    ...given('securityGroupNames', read.template('security_group_names', ['project_id', 'name'])),
    networkMap: read.lists('network_map'),
    publicAddress: read.text('public_address') as Ec2Settings['publicAddress'],
    elasticAddress: read.text('elastic_address') as Ec2Settings['elasticAddress'],
    elasticAddressPool: addressPool(read),
    placementGroupMap: read.map('placement_group_map'),
  };
}

function sizes(read: OptionReader) {
  return {
    instanceTypeMap: read.lists('instance_type_map'),
    preferredFamilies: read.list('preferred_families'),
    burstable: read.boolean('burstable'),
    gpuAliases: read.list('gpu_aliases'),
    maxCandidates: read.integer('max_candidates'),
    market: read.text('market') as Ec2Market,
    maxLaunchSize: read.integer('max_launch_size'),
    refusalMemoryMs: read.integer('refusal_memory') * 1000,
    priceTable: read.prices('price_file'),
    livePrices: read.boolean('live_prices'),
    spotPrices: read.boolean('spot_prices'),
  };
}

function images(read: OptionReader) {
  return {
    imageMap: read.map('image_map'),
    imageProperties: read.list('image_properties'),
    ...given('defaultAmi', read.optional('default_ami')),
    ...given('importBucket', read.optional('import_bucket')),
    volumeBootAmi: volumeBootAmi(read),
    rootVolumeType: read.text('root_volume_type'),
    encrypted: read.boolean('encrypted'),
    snapshotReboot: read.boolean('snapshot_reboot'),
    ...given('rescueAmi', read.optional('rescue_ami')),
  };
}

function guests(read: OptionReader) {
  return {
    keyPairMap: read.map('key_pair_map'),
    guestMetadata: read.text('guest_metadata') as Ec2Settings['guestMetadata'],
    configDrivePath: read.text('config_drive_path'),
    swap: read.text('swap') as Ec2Settings['swap'],
    imdsV2: read.boolean('imds_v2'),
    ...given('iamInstanceProfile', read.optional('iam_instance_profile')),
    tags: read.tags('tags'),
    ...given('metadataTagPrefix', read.tagPrefix('metadata_tag_prefix')),
    metrics: read.text('metrics') as Ec2Settings['metrics'],
    setPassword: read.text('set_password') as Ec2Settings['setPassword'],
    lockProtects: read.boolean('lock_protects'),
  };
}

function consoles(read: OptionReader): { readonly serialConsole?: SerialSettings } {
  const serialConsole = serialSettings(read, read.text('region'));
  return serialConsole === undefined ? {} : { serialConsole };
}

/** A field that is absent rather than undefined. */
function given<K extends string>(key: K, value: string | undefined): { readonly [P in K]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]: string });
}
