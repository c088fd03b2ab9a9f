import type { LaunchRequest, Progress, Provider } from '@burstcell/provider';
import { aLaunchRequest } from '@burstcell/provider/conformance';
import { defaultRegion, FakeEc2, type FakeEc2Options, ManualClock } from '../src/fake/index.js';
import { createEc2Provider, type Ec2ProviderConfig, parseEc2Options } from '../src/index.js';
import type { Ec2Abilities } from '../src/verbs/abilities.js';

export const AMI = defaultRegion.images[0]?.imageId ?? '';
export const ARM_AMI = defaultRegion.images[1]?.imageId ?? '';

export function aConfig(changes: Partial<Ec2ProviderConfig> = {}): Ec2ProviderConfig {
  return { ...parseEc2Options({ region: 'us-east-1', default_ami: AMI }), cellName: 'ec2', incarnation: 'first', ...changes };
}

export interface Bench {
  readonly fake: FakeEc2;
  readonly clock: ManualClock;
  readonly provider: Provider;
}

/** The provider on a fake whose time stands still until the test moves it. */
export function aBench(changes: Partial<Ec2ProviderConfig> = {}, options: FakeEc2Options = {}): Bench {
  const clock = new ManualClock();
  const fake = new FakeEc2({ clock, delays: 1000, ...options });
  const services = { metricsApi: fake.metrics, commandsApi: fake.commands };
  return { fake, clock, provider: createEc2Provider(aConfig({ api: fake, ...services, clock, ...changes })) };
}

export function aRequest(changes: Partial<LaunchRequest> = {}): LaunchRequest {
  return aLaunchRequest(changes);
}

export function aFlavor(changes: Partial<LaunchRequest['flavor']> = {}): LaunchRequest['flavor'] {
  return { ...aLaunchRequest().flavor, ...changes };
}

/** Launches one on its best offering and gives its id. */
export async function launchOne({ provider }: Bench, request = aRequest()): Promise<string> {
  const [offering] = await provider.offerings(request);
  if (!offering) throw new Error('nothing offered');
  const [frozen] = provider.freeze([request], offering, 1);
  if (!frozen) throw new Error('nothing frozen');
  const [machine] = [...(await provider.launch(frozen)).values()];
  return machine?.providerId ?? '';
}

/** Moves the clock until the work is done: for work that waits for the clock between other waits. */
export async function whileTimePasses<T>(clock: ManualClock, work: Promise<T>, stepMs = 250): Promise<T> {
  let isDone = false;
  const done = () => {
    isDone = true;
  };
  work.then(done, done);
  // What can go on without time goes first, so that both ends of a call see the same moment.
  for (let turn = 0; !isDone; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    if (turn % 2 === 1) clock.advance(stepMs);
  }
  return work;
}

/** A running machine. */
export async function runningOne(bench: Bench, request = aRequest()): Promise<string> {
  const id = await launchOne(bench, request);
  bench.clock.advance(2_000);
  return id;
}

/** The provider with what EC2 can do besides. */
export function abilitiesOf({ provider }: Pick<Bench, 'provider'>): Provider & Ec2Abilities {
  return provider as Provider & Ec2Abilities;
}

/** Calls until it says `done`, while time passes; answers how many calls it took. */
export async function finish({ clock }: Bench, call: () => Promise<Progress>): Promise<number> {
  for (let calls = 1; calls <= 30; calls += 1) {
    if ((await call()) === 'done') return calls;
    clock.advance(1_000);
  }
  throw new Error('it never was done');
}

/** Another process of the same cell on the same EC2. */
export function aReplica({ fake, clock }: Bench, changes: Partial<Ec2ProviderConfig> = {}): Provider & Ec2Abilities {
  return abilitiesOf({ provider: createEc2Provider(aConfig({ api: fake, clock, ...changes })) });
}
