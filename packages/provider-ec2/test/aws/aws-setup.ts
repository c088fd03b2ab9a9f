import { randomUUID } from 'node:crypto';
import { CreateVolumeCommand, type EC2Client } from '@aws-sdk/client-ec2';
import type { Provider } from '@burstcell/provider';
import { aLaunchRequest, type CountedAbility, type ProviderSetup } from '@burstcell/provider/conformance';
import { createEc2Provider, type Ec2Api, type Ec2Settings, parseEc2Options } from '../../src/index.js';
import { withCachedCatalogue } from '../conformance/cached-catalogue.js';
import { ACTION_OF } from '../conformance/fault-codes.js';
import { withInjections } from '../conformance/injections.js';
import { withSilence } from '../conformance/silence.js';
import { type Clients, connectionOptions, openClients } from './clients.js';
import type { AwsTestPlan } from './config.js';
import { OTHER_TYPES, SMALL_TYPES, TEST_TIMEOUT_MS } from './limits.js';
import { ofRun, RUN_TAG } from './run-tag.js';
import { SpendingGuard } from './spending-guard.js';

export type AwsRun = Exclude<AwsTestPlan, { readonly skip: string }>;

/** What is not tried there, and why. */
export const AWS_LACKS = 'suspend: only images prepared for it hibernate';

const flavor = { ...aLaunchRequest().flavor, rootGb: 8 };

/** The provider on a real account. All tests share it: each has an incarnation of its own and ends its machines. */
export async function awsSetup(
  plan: AwsRun,
): Promise<{ readonly setup: ProviderSetup; readonly guard: SpendingGuard; close(): void }> {
  const { settings, run } = plan;
  const clients = openClients(settings);
  const guard = new SpendingGuard(withCachedCatalogue(clients.api), { limits: settings.limits, run });
  const images = await clients.api.describeImages({ ids: [settings.ami] });
  const options = optionsOf(plan, images[0]?.architecture ?? 'x86_64');
  const isSingleZone = options.zones.length === 1;
  const setup: ProviderSetup = {
    request: { flavor, image: { ...aLaunchRequest().image, properties: { ec2_ami: settings.ami } } },
    otherFlavor: { ...flavor, flavorid: '3', name: 'm1.medium' },
    lacks: { room: 'a real zone cannot be filled', pace: 'a real cloud takes its own time' },
    ...(isSingleZone ? { skip: SINGLE_ZONE } : {}),
    manyMachines: Math.min(8, settings.limits.machinesAtOnce),
    testTimeoutMs: TEST_TIMEOUT_MS,
    make: async () => underTest({ plan, clients, guard, options }),
  };
  return { setup, guard, close: () => clients.close() };
}

const SINGLE_ZONE: NonNullable<ProviderSetup['skip']> = {
  'attachVolume: says invalid for a volume in another zone': 'a single subnet was given',
  'bootFromVolume: says invalid for a volume in another zone': 'a single subnet was given',
};

interface Parts {
  readonly plan: AwsRun;
  readonly clients: Clients;
  readonly guard: SpendingGuard;
  readonly options: Ec2Settings;
}

function underTest({ plan, clients, guard, options }: Parts): Awaited<ReturnType<ProviderSetup['make']>> {
  const injected = withInjections(guard.api);
  const { api, fall } = withSilence(injected.api);
  const incarnation = randomUUID();
  const aProvider = (cellName = 'test-aws') => awake(createEc2Provider({ ...options, cellName, incarnation, api }));
  return {
    provider: aProvider(),
    unknownId: 'i-0fffffffffffffff0',
    replica: async () => aProvider(),
    stranger: async () => aProvider('test-aws-another'),
    fault: (fault) => (fault.error === 'silence' ? fall(fault) : injected.inject(fault)),
    requests: (verb) => injected.count(ACTION_OF[verb]),
    effects: (ability, providerId) => effectsOn(clients.api, plan.run, { ability, providerId }),
    volumes: { create: (zone) => aVolumeIn(clients.client, zone, plan.run), unknownId: 'vol-0fffffffffffffff0' },
    close: () => guard.endAll(),
  };
}

function awake(provider: Provider): Provider {
  const { suspend: _, resume: __, ...rest } = provider;
  return rest;
}

function optionsOf({ settings, zoneOfSubnet }: AwsRun, architecture: string): Ec2Settings {
  const ofArchitecture = (types: readonly string[]) =>
    types.filter((type) => type.startsWith('t4g.') === (architecture === 'arm64')).join('|');
  const zones = [...new Set(Object.values(zoneOfSubnet))];
  const subnetsOf = (zone: string) => settings.subnets.filter((subnet) => zoneOfSubnet[subnet] === zone).join('|');
  return parseEc2Options({
    ...connectionOptions(settings),
    zones: zones.join(','),
    subnets: zones.map((zone) => `${zone}:${subnetsOf(zone)}`).join(','),
    instance_type_map: `m1.small:${ofArchitecture(SMALL_TYPES)},m1.medium:${ofArchitecture(OTHER_TYPES)}`,
  });
}

interface Counted {
  readonly ability: CountedAbility;
  readonly providerId: string;
}

async function effectsOn(api: Ec2Api, run: string, { ability, providerId }: Counted): Promise<number> {
  if (ability !== 'snapshot') return (await api.describeReplaceRootVolumeTasks(providerId)).length;
  const snapshots = await api.describeSnapshots({ filters: ofRun(run) });
  return snapshots.filter(({ description }) => description.includes(providerId)).length;
}

async function aVolumeIn(client: EC2Client, zone: string, run: string): Promise<string> {
  const tags = [{ ResourceType: 'volume' as const, Tags: [{ Key: RUN_TAG, Value: run }] }];
  const { VolumeId } = await client.send(new CreateVolumeCommand({ AvailabilityZone: zone, Size: 1, TagSpecifications: tags }));
  return VolumeId ?? '';
}
