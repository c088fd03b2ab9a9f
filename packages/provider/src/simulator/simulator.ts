import type { ProviderAbilities, ProviderAbility } from '../abilities.js';
import { kindOf, ProviderError } from '../errors.js';
import type { ProviderVerb } from '../fault.js';
import type { Launch, LaunchRequest, Offering } from '../launch.js';
import type { ProviderInstance, ProviderPage } from '../observed.js';
import type { CallOptions, Provider } from '../provider.js';
import type { ProviderShape } from '../shape.js';
import { abilitiesOn } from './abilities.js';
import { SimulatedCloud } from './cloud.js';
import { freezeLaunches } from './freeze.js';
import { refuseUnlessBootable } from './images.js';
import { readSpec } from './launch-spec.js';
import { rebootMachine, startMachine, stopMachine } from './powering.js';
import { Refusals } from './refusals.js';

/** What this provider can do: everything, or everything but what is named. */
export type SimulatorAbilities = 'all' | { readonly without: readonly ProviderAbility[] };

export interface SimulatorOptions {
  /** The cloud to work on; a new one with default options unless given. */
  readonly cloud?: SimulatedCloud;
  /** Whose machines these are; two simulators of equal name and incarnation are replicas of one cell. */
  readonly cellName?: string;
  readonly incarnation?: string;
  /** `all` unless told; the method of an ability it is without is absent. */
  readonly abilities?: SimulatorAbilities;
}

const HYPERVISOR_VERSION = 1;

/** Each simulator is given its abilities when it is made, since it may be without some. */
const WithAbilities: new () => ProviderAbilities = class {};

/**
 * A provider without a vendor: every ability of the contract, on a {@link SimulatedCloud}.
 * Calls resolve without timers unless the cloud has latency.
 */
export class Simulator extends WithAbilities implements Provider {
  readonly name = 'simulator';
  readonly cloud: SimulatedCloud;
  readonly #owner: string;
  readonly #refusals: Refusals;
  #isClosed = false;

  constructor(options: SimulatorOptions = {}) {
    super();
    this.cloud = options.cloud ?? new SimulatedCloud();
    this.#owner = `${options.cellName ?? 'cell'}/${options.incarnation ?? 'first'}`;
    this.#refusals = new Refusals(this.cloud.settings.clock);
    const abilities: ProviderAbilities = abilitiesOn(this.cloud, this.#owner, (...call) => this.#pass(...call));
    for (const ability of withoutOf(options.abilities)) delete abilities[ability];
    Object.assign(this, abilities);
  }

  shape(options?: CallOptions): Promise<ProviderShape> {
    return this.#pass('shape', options, () => this.#shape());
  }

  offerings(request: LaunchRequest, options?: CallOptions): Promise<readonly Offering[]> {
    return this.#pass('offerings', options, () => this.#offerings(request));
  }

  freeze(requests: readonly LaunchRequest[], offering: Offering, attempt: number): readonly Launch[] {
    return freezeLaunches(requests, { owner: this.#owner, offering, attempt });
  }

  async launch(launch: Launch, options?: CallOptions): Promise<ReadonlyMap<string, ProviderInstance>> {
    try {
      const machines = await this.#pass('launch', options, () => this.cloud.launch(readSpec(launch)));
      return byMember(launch.members, machines);
    } catch (error) {
      this.#rememberRefusal(launch, error);
      throw error;
    }
  }

  describe(providerIds: readonly string[], options?: CallOptions): Promise<ReadonlyMap<string, ProviderInstance>> {
    return this.#pass('describe', options, () => this.cloud.describe(providerIds));
  }

  list(page?: string, options?: CallOptions): Promise<ProviderPage> {
    return this.#pass('list', options, () => this.cloud.list(this.#owner, page));
  }

  start(providerId: string, options?: CallOptions): Promise<void> {
    return this.#pass('start', options, () => this.cloud.on(providerId, startMachine));
  }

  stop(providerId: string, options?: CallOptions & { readonly force?: boolean }): Promise<void> {
    const force = options?.force ?? false;
    return this.#pass('stop', options, () => this.cloud.on(providerId, (site, machine) => stopMachine(site, machine, force)));
  }

  reboot(providerId: string, options?: CallOptions): Promise<void> {
    return this.#pass('reboot', options, () => this.cloud.on(providerId, rebootMachine));
  }

  terminate(providerId: string, options?: CallOptions): Promise<void> {
    return this.#pass('terminate', options, () => this.cloud.terminate(providerId));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
  }

  async #pass<T>(verb: ProviderVerb, options: CallOptions | undefined, act: () => T): Promise<T> {
    if (this.#isClosed) throw new ProviderError('unavailable', 'the provider is closed');
    return this.cloud.gate.pass(verb, options?.signal, act);
  }

  #shape(): ProviderShape {
    const { zones } = this.cloud.settings;
    const open = zones.filter((zone) => this.cloud.isAvailable(zone));
    return {
      zones: zones.map((name) => ({ name, available: this.cloud.isAvailable(name) })),
      hypervisorType: 'simulator',
      hypervisorVersion: HYPERVISOR_VERSION,
      capabilities: { provider: ['simulator'] },
      headroom: this.cloud.headroom(),
      refusedMemoryMb: this.#refusals.sizesRefusedBy(open),
    };
  }

  #offerings({ flavor, image, zone, volumesZone, disabledZones }: LaunchRequest): readonly Offering[] {
    const { zones, largest } = this.cloud.settings;
    if (flavor.memoryMb > largest.memoryMb || flavor.vcpus > largest.vcpus) {
      throw new ProviderError('invalid', `no machine is as large as flavor ${flavor.name}`, { subject: 'flavor' });
    }
    const { providerImageId } = image;
    if (providerImageId !== null) this.cloud.at((site) => refuseUnlessBootable(site, providerImageId));
    if (zone !== null && !zones.includes(zone)) throw new ProviderError('invalid', `there is no zone ${zone}`);
    const open = zones.filter(
      (name) =>
        (zone === null || name === zone) &&
        (volumesZone === undefined || name === volumesZone) &&
        !disabledZones.includes(name) &&
        this.cloud.isAvailable(name) &&
        !this.#refusals.isRefused(name, flavor.memoryMb),
    );
    if (open.length === 0) throw new ProviderError('capacity', 'no zone has room for this flavor at the moment');
    return open.map((name) => ({ key: name, zone: name, parameters: {} }));
  }

  /** A spent quota is the account's: no zone is worth another try. */
  #rememberRefusal({ offering, parameters }: Launch, error: unknown): void {
    const { memoryMb } = parameters;
    const kind = kindOf(error);
    if (typeof memoryMb !== 'number') return;
    if (kind === 'capacity') this.#refusals.remember([offering.zone], memoryMb);
    if (kind === 'quota') this.#refusals.remember(this.cloud.settings.zones, memoryMb);
  }
}

function withoutOf(abilities: SimulatorAbilities = 'all'): readonly ProviderAbility[] {
  return abilities === 'all' ? [] : abilities.without;
}

function byMember(members: readonly string[], machines: readonly ProviderInstance[]): Map<string, ProviderInstance> {
  return new Map(members.flatMap((member, index) => machines.slice(index, index + 1).map((machine) => [member, machine])));
}
