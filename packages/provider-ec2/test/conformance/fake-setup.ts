import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CountedAbility, Fault, MakeOptions, ProviderSetup, ProviderUnderTest } from '@burstcell/provider/conformance';
import { aLaunchRequest } from '@burstcell/provider/conformance';
import {
  defaultRegion,
  FakeEc2,
  FakeEventQueue,
  type SerialServer,
  startFakeServer,
  startSerialServer,
} from '../../src/fake/index.js';
import {
  type Budget,
  createEc2Provider,
  type Ec2Api,
  type Ec2ProviderConfig,
  makeSdkApi,
  parseEc2Options,
} from '../../src/index.js';
import { HIBERNATION_SPEC } from '../../src/planning/hibernation-spec.js';
import type { SerialSettings } from '../../src/settings/serial-options.js';
import { ACTION_OF, CODE_OF } from './fault-codes.js';
import { withSilence } from './silence.js';

/** Passing states: short enough for a quick suite, long enough to be seen by some calls. */
export const QUICK_MS = 5;
export const SLOW_MS = 400;
/** An event that is not settled comes again soon, and nobody waits long for one. */
const QUEUE = { visibilityMs: 50, longestWaitMs: 5 };

/** All that options switch on. */
export const ALL_ON = {
  region: 'us-east-1',
  metrics: 'cloudwatch',
  set_password: 'ssm',
  lock_protects: 'true',
  elastic_address: 'always',
};

const request: NonNullable<ProviderSetup['request']> = {
  image: { ...aLaunchRequest().image, properties: { ec2_ami: defaultRegion.images[0]?.imageId ?? '' } },
};

/** EC2 hibernates only what was launched for it. */
const requestFor: NonNullable<ProviderSetup['requestFor']> = {
  suspend: { flavor: { ...aLaunchRequest().flavor, extraSpecs: { [HIBERNATION_SPEC]: 'true' } } },
};

/** The provider on FakeEc2. */
export const fakeSetup: ProviderSetup = {
  request,
  requestFor,
  async make(options) {
    const fake = aFake(options);
    const consoles = await startSerialServer(fake);
    const close = async () => {
      await consoles.close();
      fake.reset();
    };
    const more = { events: new FakeEventQueue(fake, QUEUE), serialConsole: serialAt(consoles) };
    return underTest(fake, { port: fake, close, more });
  },
};

/** The provider, with the AWS SDK, on FakeEc2 behind EC2's own protocol. */
export const fakeOverHttpSetup: ProviderSetup = {
  request,
  requestFor,
  async make(options) {
    const fake = aFake(options);
    const server = await startFakeServer({ fake, queue: new FakeEventQueue(fake, QUEUE) });
    const api = aSdkApi(server.url);
    const keys = { accessKeyId: 'test', secretAccessKey: 'test' };
    const close = async () => {
      api.close();
      await server.close();
      fake.reset();
    };
    return underTest(fake, {
      port: api,
      close,
      more: { ...keys, eventsQueueUrl: `${server.url}/queue`, sharedBudget: anEndlessBudget },
    });
  },
};

function aFake({ pace }: MakeOptions): FakeEc2 {
  return new FakeEc2({ delays: pace === 'slow' ? SLOW_MS : QUICK_MS });
}

interface Parts {
  readonly port: Ec2Api;
  readonly close: () => void | Promise<void>;
  readonly more: Partial<Ec2ProviderConfig>;
}

function underTest(fake: FakeEc2, { port, close, more }: Parts): ProviderUnderTest {
  const { api, fall } = withSilence(port);
  const aProvider = (cellName = 'ec2') =>
    createEc2Provider({
      ...parseEc2Options(ALL_ON),
      cellName,
      incarnation: 'first',
      api,
      metricsApi: fake.metrics,
      commandsApi: fake.commands,
      ...more,
    });
  return {
    provider: aProvider(),
    unknownId: 'i-0fffffffffffffff0',
    replica: async () => aProvider(),
    stranger: async () => aProvider('another'),
    fault: (fault) => (fault.error === 'silence' ? fall(fault) : fake.inject(injectionOf(fault))),
    full: (zone, left = 0) => fake.setRoom({ zone }, left),
    requests: (verb) => fake.counts().byAction[ACTION_OF[verb]] ?? 0,
    effects: (ability, providerId) => effectsOn(fake, ability, providerId),
    volumes: { create: async (zone) => fake.addVolume({ zone }), unknownId: 'vol-0fffffffffffffff0' },
    outsider: () => anOutsider(fake),
    close,
  };
}

/** As somebody with an EC2 console starts one: no tag of a cell, and a name. */
export async function anOutsider(fake: FakeEc2): Promise<string> {
  const imageId = defaultRegion.images[0]?.imageId ?? '';
  const market = 'on-demand';
  const launch = { clientToken: randomUUID(), imageId, instanceType: 't3.small', minCount: 1, maxCount: 1, market } as const;
  const [instance] = await fake.runInstances({ ...launch, tags: { Name: 'outsider' } });
  const id = instance?.instanceId ?? '';
  while (fake.instance(id)?.state !== 'running') await sleep(QUICK_MS);
  return id;
}

export function effectsOn(fake: FakeEc2, ability: CountedAbility, providerId: string): number {
  switch (ability) {
    case 'rebuild':
      return fake.rootReplacements(providerId, 'deleted');
    case 'rescue':
      return fake.rootReplacements(providerId, 'kept');
    case 'snapshot':
      return fake.ebsSnapshots().filter(({ description }) => description.includes(providerId)).length;
    default:
      return ability satisfies never;
  }
}

function serialAt({ host, port, fingerprint }: SerialServer): SerialSettings {
  return { host, port, fingerprints: [fingerprint] };
}

export function aSdkApi(endpointUrl: string): Ec2Api & { close(): void } {
  const keys = { access_key_id: 'test', secret_access_key: 'test' };
  return makeSdkApi(parseEc2Options({ region: 'us-east-1', endpoint_url: endpointUrl, ...keys }));
}

/** Where nothing throttles, waiting for a budget would only make the suite slow. */
export const anEndlessBudget: Budget = { take: async () => {}, drain: () => {} };

export function injectionOf({ on, when, error, times = 1 }: Fault) {
  const code = error === 'silence' ? 'NetworkingError' : CODE_OF[error];
  return { action: ACTION_OF[on], code, when, times: Number.isFinite(times) ? times : null };
}
