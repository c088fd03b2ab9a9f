import { setTimeout as sleep } from 'node:timers/promises';
import type { Progress, ProviderAbilities, ProviderAbility } from '../abilities.js';
import { kindOf, ProviderError, type ProviderErrorKind } from '../errors.js';
import type { Fault, ProviderVerb } from '../fault.js';
import type { FlavorRequest, Launch, LaunchRequest, Offering } from '../launch.js';
import type { ProviderInstance, ProviderState, UnownedMachine } from '../observed.js';
import type { Provider } from '../provider.js';
import { SETTLE_POLL_MS, SETTLE_TIMEOUT_MS } from '../timings.js';
import { able } from './probe.js';
import { aLaunchRequest } from './requests.js';
import { untilState } from './settle.js';
import type { CountedAbility, ProviderSetup, ProviderUnderTest } from './setup.js';

export interface Launched {
  readonly request: LaunchRequest;
  readonly launch: Launch;
  readonly machine: ProviderInstance;
}

/** What one test works with: the provider, its cloud's strings, and the steps that tests have in common. */
export class Bed {
  readonly provider: Provider;
  readonly unknownId: string;
  readonly #opened: Provider[];

  constructor(
    private readonly setup: ProviderSetup,
    private readonly made: ProviderUnderTest,
  ) {
    this.provider = made.provider;
    this.unknownId = made.unknownId;
    this.#opened = [made.provider];
  }

  /** The provider with its abilities: a test of an ability runs only where it is there. */
  get can(): Provider & Required<ProviderAbilities> {
    return able(this.provider);
  }

  /** Another provider with its abilities: replicas have the same. */
  canDo(provider: Provider): Provider & Required<ProviderAbilities> {
    return able(provider);
  }

  get manyMachines(): number {
    return this.setup.manyMachines ?? 210;
  }

  aRequest(overrides: Partial<LaunchRequest> = {}): LaunchRequest {
    return aLaunchRequest({ ...this.setup.request, ...overrides });
  }

  async bestOffering(request: LaunchRequest): Promise<Offering> {
    const [best] = await this.provider.offerings(request);
    if (best === undefined) throw new Error('offerings() must refuse rather than answer nothing');
    return best;
  }

  /** Freezes a launch of one request on its best offering; nothing is started yet. */
  async frozen(request: LaunchRequest = this.aRequest()): Promise<Launch> {
    return only(this.provider.freeze([request], await this.bestOffering(request), 1));
  }

  async launchOne(overrides: Partial<LaunchRequest> = {}): Promise<Launched> {
    const request = this.aRequest(overrides);
    const launch = await this.frozen(request);
    return { request, launch, machine: only([...(await this.provider.launch(launch)).values()]) };
  }

  async launchRunning(overrides: Partial<LaunchRequest> = {}): Promise<Launched> {
    const launched = await this.launchOne(overrides);
    await this.settle(launched.machine.providerId, 'running');
    return launched;
  }

  /** As many machines of one shape, by as few launches as the provider likes. */
  async launchMany(count: number): Promise<ProviderInstance[]> {
    const requests = Array.from({ length: count }, () => this.aRequest());
    const offering = await this.bestOffering(requests[0] ?? this.aRequest());
    const machines: ProviderInstance[] = [];
    for (const launch of this.provider.freeze(requests, offering, 1)) {
      machines.push(...(await this.provider.launch(launch)).values());
    }
    return machines;
  }

  /** Walks the offerings as the core does: on to the next one after `capacity`. */
  async launchSomewhere(request: LaunchRequest): Promise<{ readonly offering: Offering; readonly launch: Launch }> {
    for (const offering of await this.provider.offerings(request)) {
      const launch = only(this.provider.freeze([request], offering, 1));
      const refusal = await this.provider.launch(launch).then(() => null, kindOf);
      if (refusal === null) return { offering, launch };
      if (refusal !== 'capacity') throw new Error(`a full zone was answered with ${refusal}`);
    }
    throw new ProviderError('capacity', 'no offering had room');
  }

  async observed(providerId: string, provider = this.provider): Promise<ProviderInstance | undefined> {
    return (await provider.describe([providerId])).get(providerId);
  }

  /** Every page of `list`. */
  async listed(provider = this.provider): Promise<ProviderInstance[]> {
    const found: ProviderInstance[] = [];
    let page = await provider.list();
    found.push(...page.instances);
    while (page.next !== undefined) {
      page = await provider.list(page.next);
      found.push(...page.instances);
    }
    return found;
  }

  /** What costs money: every listed machine that has not ended. */
  async alive(provider = this.provider): Promise<ProviderInstance[]> {
    const machines = await this.listed(provider);
    return machines.filter(({ state }) => state !== 'terminating' && state !== 'terminated');
  }

  async settle(providerId: string, state: ProviderState): Promise<void> {
    if (this.made.settle !== undefined) return this.made.settle(providerId, state);
    await untilState(this.provider, { providerId, state }, () => this.#elapse());
  }

  /** A running machine of a request that this ability can be tried on. */
  async launchFor(ability: ProviderAbility, overrides: Partial<LaunchRequest> = {}): Promise<ProviderInstance> {
    const { machine } = await this.launchRunning({ ...this.setup.requestFor?.[ability], ...overrides });
    return (await this.observed(machine.providerId)) ?? machine;
  }

  async stop(providerId: string): Promise<void> {
    await this.provider.stop(providerId);
    await this.settle(providerId, 'stopped');
  }

  async end(providerId: string): Promise<void> {
    await this.provider.terminate(providerId);
    await this.settle(providerId, 'terminated');
  }

  /** What a machine of {@link ProviderSetup.request} can be resized to. */
  get otherFlavor(): FlavorRequest {
    const { flavor } = this.aRequest();
    const { vcpus, memoryMb } = flavor;
    return this.setup.otherFlavor ?? { ...flavor, flavorid: '3', name: 'm1.medium', vcpus: 2 * vcpus, memoryMb: 2 * memoryMb };
  }

  /** Resolves once the look shows something; time passes between two looks. */
  async until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
    const deadline = performance.now() + SETTLE_TIMEOUT_MS;
    do {
      const seen = await look();
      if (seen !== undefined) return seen;
      await this.#elapse();
    } while (performance.now() < deadline);
    throw new Error(`${what} was waited for in vain`);
  }

  /** Repeats the call until it says `done`, as the core does; also after a lost reply. */
  async finish(call: () => Promise<Progress>): Promise<void> {
    await this.until('done', async () => ((await progressOf(call())) === 'done' ? true : undefined));
  }

  async fault(fault: Fault): Promise<void> {
    await this.#must('fault', this.made.fault).call(this.made, fault);
  }

  async full(zone: string, left = 0): Promise<void> {
    await this.#must('full', this.made.full).call(this.made, zone, left);
  }

  async fullEverywhere(): Promise<void> {
    for (const { name } of (await this.provider.shape()).zones) await this.full(name);
  }

  async requests(verb: ProviderVerb): Promise<number> {
    return this.#must('requests', this.made.requests).call(this.made, verb);
  }

  async effects(ability: CountedAbility, providerId: string): Promise<number> {
    return this.#must('effects', this.made.effects).call(this.made, ability, providerId);
  }

  async aVolume(zone: string): Promise<string> {
    return this.#must('volumes', this.made.volumes).create(zone);
  }

  get unknownVolumeId(): string {
    return this.#must('volumes', this.made.volumes).unknownId;
  }

  async outsider(): Promise<string> {
    return this.#must('outsider', this.made.outsider).call(this.made);
  }

  /** Every page of `unowned`. */
  async unowned(): Promise<UnownedMachine[]> {
    const found: UnownedMachine[] = [];
    let next: string | undefined;
    do {
      const page = await this.can.unowned(next);
      found.push(...page.machines);
      next = page.next;
    } while (next !== undefined);
    return found;
  }

  async replica(): Promise<Provider> {
    return this.#open(await this.#must('replica', this.made.replica).call(this.made));
  }

  async stranger(): Promise<Provider> {
    return this.#open(await this.#must('stranger', this.made.stranger).call(this.made));
  }

  async close(): Promise<void> {
    for (const provider of this.#opened) await provider.close();
    await this.made.close?.();
  }

  async #elapse(): Promise<void> {
    if (this.made.elapse === undefined) await sleep(SETTLE_POLL_MS);
    else await this.made.elapse();
  }

  #open(provider: Provider): Provider {
    this.#opened.push(provider);
    return provider;
  }

  #must<T>(name: string, given: T | undefined): T {
    if (given === undefined) throw new Error(`the setup has no ${name}(): provide it, or declare in "lacks" why not`);
    return given;
  }
}

export function only<T>(items: readonly T[]): T {
  const [item] = items;
  if (item === undefined || items.length > 1) throw new Error(`exactly one was expected, there are ${items.length}`);
  return item;
}

/** The kind a call is refused with; fails when it is answered, or rejects with anything but a {@link ProviderError}. */
export async function refusalOf(call: Promise<unknown>): Promise<ProviderErrorKind> {
  const outcome = await call.then(
    () => new Error('the call was answered, a refusal was expected'),
    (error: unknown) => error,
  );
  if (outcome instanceof ProviderError) return outcome.kind;
  throw outcome;
}

/** How far a step has come; a reply that was lost, or a machine on its way, leaves it to be asked again. */
async function progressOf(call: Promise<Progress>): Promise<Progress> {
  return call.catch((error: unknown) => {
    if (['unavailable', 'throttled', 'conflict'].includes(kindOf(error))) return 'under-way';
    throw error;
  });
}

export function fixedAddressesOf(machine: ProviderInstance | undefined): string[] {
  const addresses = machine?.nics.flatMap((nic) => nic.addresses) ?? [];
  return addresses.flatMap(({ type, address }) => (type === 'fixed' ? [address] : []));
}

/** For lost replies: the provider may find out by itself, or say that the call is to be repeated; nothing else. */
export async function answeredOrRepeatable(call: Promise<unknown>): Promise<void> {
  const refusal = await call.then(() => null, kindOf);
  if (refusal === null || refusal === 'unavailable' || refusal === 'throttled') return;
  throw new Error(`a lost reply was taken for ${refusal}`);
}
