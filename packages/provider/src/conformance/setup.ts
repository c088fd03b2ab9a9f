import type { ProviderAbility } from '../abilities.js';
import type { Fault, ProviderVerb } from '../fault.js';
import type { FlavorRequest, LaunchRequest } from '../launch.js';
import type { ProviderState } from '../observed.js';
import type { Provider } from '../provider.js';

/**
 * What a setup may be unable to stage. Each test that needs a named thing is skipped, by
 * name and with the reason given in {@link ProviderSetup.lacks}.
 *
 * - `faults`: {@link ProviderUnderTest.fault} with every error but `silence`
 * - `silence`: {@link ProviderUnderTest.fault} with `silence`
 * - `room`: {@link ProviderUnderTest.full}
 * - `counts`: {@link ProviderUnderTest.requests}
 * - `replicas`, `strangers`: a second provider on the same cloud
 * - `pace`: machines can be made to stay `pending`, `stopping` and `terminating` for a while
 * - `effects`: {@link ProviderUnderTest.effects}
 * - `volumes`: {@link ProviderUnderTest.volumes}
 * - `outsiders`: {@link ProviderUnderTest.outsider}
 */
export type SetupNeed =
  | 'faults'
  | 'silence'
  | 'room'
  | 'counts'
  | 'replicas'
  | 'strangers'
  | 'pace'
  | 'effects'
  | 'volumes'
  | 'outsiders';

/** Abilities whose effects a setup can count: what a token makes once cannot be seen in the machine itself. */
export type CountedAbility = 'rebuild' | 'rescue' | 'snapshot';

export interface MakeOptions {
  /**
   * `quick` (the default): machines change state as fast as the setup can make them.
   * `slow`: a transitional state outlasts a few calls; {@link ProviderUnderTest.settle} still ends it.
   */
  readonly pace?: 'quick' | 'slow';
  /** Machines per page of `list`, where the setup can choose; a test that asks for it works without. */
  readonly pageSize?: number;
}

/** Builds providers for the suite. One setup per kind of cloud: simulator, fake, mock server, real account. */
export interface ProviderSetup {
  /**
   * A provider on a cloud that holds no machine of its cell. Called once per test; tests run
   * one after the other, so a real account may be shared if each call takes a new incarnation.
   */
  make(options: MakeOptions): Promise<ProviderUnderTest>;

  /** Fields of every request the suite makes: an image and a flavor that this cloud has. */
  readonly request?: Partial<LaunchRequest>;

  /** What a request needs besides, for a machine that this ability is tried on (hibernation, a driver, …). */
  readonly requestFor?: Readonly<Partial<Record<ProviderAbility, Partial<LaunchRequest>>>>;

  /** A flavor that a machine of {@link request} can be resized to; twice its vCPUs and memory unless told. */
  readonly otherFlavor?: FlavorRequest;

  /** Abilities the provider is without: filled in by {@link ./probe.ts probed}, which looks. */
  readonly absent?: readonly ProviderAbility[];

  /**
   * Declared deviations: `'VERB: TEST NAME'` as printed → the reason. Skipped visibly. A
   * name that no test has fails the suite, so that the list cannot go stale.
   */
  readonly skip?: Readonly<Record<string, string>>;

  /** What cannot be staged here, with the reason. */
  readonly lacks?: Partial<Readonly<Record<SetupNeed, string>>>;

  /** Machines in the tests of paging and large describes; 210 unless told (more than one request of 200 ids). */
  readonly manyMachines?: number;

  /** Longest time of one test; jest's own unless told. */
  readonly testTimeoutMs?: number;
}

/** A provider and the strings that move its cloud. What is absent must be named in {@link ProviderSetup.lacks}. */
export interface ProviderUnderTest {
  readonly provider: Provider;

  /** A well-formed id of a machine that never existed. */
  readonly unknownId: string;

  /** The same cell in another process: same cloud, cell name and incarnation; no memory shared with the first. */
  replica?(): Promise<Provider>;

  /** Another cell on the same account: its machines are not ours. */
  stranger?(): Promise<Provider>;

  /**
   * From now on the cloud misbehaves as said. A kind becomes the vendor's own error for it
   * (`capacity` → InsufficientInstanceCapacity, …) *below* the provider, so that its error
   * table is part of what is tested.
   */
  fault?(fault: Fault): void | Promise<void>;

  /** Leaves room for `left` more machines in this zone, whatever their size. */
  full?(zone: string, left: number): void | Promise<void>;

  /** Requests the vendor has received so far on behalf of this verb. */
  requests?(verb: ProviderVerb): number | Promise<number>;

  /**
   * Resolves once `describe` shows the machine in this state. Absent: the suite polls. A
   * setup with a clock of its own moves it here ({@link ./settle.ts untilState} helps).
   */
  settle?(providerId: string, state: ProviderState): Promise<void>;

  /**
   * Lets some time pass between two looks at what is waited for, so that a `slow` change ends after a few.
   * Absent: the suite sleeps. A setup with a clock of its own moves it, and rejects when that does not help.
   */
  elapse?(): void | Promise<void>;

  /** How often the vendor has truly done this to the machine; for `snapshot`: how many it has of it. */
  effects?(ability: CountedAbility, providerId: string): number | Promise<number>;

  /** The vendor's volumes. */
  readonly volumes?: {
    /** A new volume in this zone, ready to be attached; answers the vendor's id. */
    create(zone: string): Promise<string>;
    /** A well-formed id of a volume that never existed. */
    readonly unknownId: string;
  };

  /** Starts a machine on the same account as somebody who knows no cells would; answers its id once it runs. */
  outsider?(): Promise<string>;

  /** Ends what `make` began; the suite closes the providers it was given before. */
  close?(): void | Promise<void>;
}
