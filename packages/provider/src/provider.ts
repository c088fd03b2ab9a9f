import type { ProviderAbilities } from './abilities.js';
import type { Explain } from './explanation.js';
import type { ImportImage, ListImports } from './image-import.js';
import type { Launch, LaunchRequest, Offering } from './launch.js';
import type { ProviderInstance, ProviderPage } from './observed.js';
import type { ProviderShape } from './shape.js';

/**
 * What every call takes: an abort signal that ends the wait, never the effect. An aborted
 * call rejects with `unavailable`, since nothing is known of its effect; one whose signal
 * was aborted before sends nothing.
 */
export interface CallOptions {
  readonly signal?: AbortSignal;
}

export interface DescribeOptions extends CallOptions {
  /**
   * Told of ids of which nothing can be said for now while others can be described. Without it, and where none
   * can be, the call rejects.
   */
  onUnknown?(providerIds: readonly string[], error: unknown): void;
}

export interface AdmitOptions extends CallOptions {
  /** {@link Offering.account} of the launch: limits are counted for each. */
  readonly account?: string;
}

export interface LaunchOptions extends CallOptions {
  /** {@link Provider.admit} has resolved for this launch: it need not wait once more. */
  readonly admitted?: boolean;
}

/**
 * A cloud that can run instances. The core calls it only after it has recorded what it is
 * about to do, so every method that changes something may be called again with the same
 * arguments after a crash, and must then end in the same one effect.
 *
 * All methods reject with a {@link ProviderError}; its `kind` is all the core looks at.
 * What a provider cannot do is absent: optional methods are abilities.
 */
export interface Provider extends ProviderAbilities {
  /** `ec2`, `simulator`, …: for logs and metrics. */
  readonly name: string;

  /** Image property by which {@link offerings} finds the vendor's image; absent: there is none that it looks at. */
  readonly imageProperty?: string;

  /**
   * Zones, what the machines are called, and what may still be started. Cheap: answered
   * from a cache that the provider keeps fresh by itself.
   */
  shape(options?: CallOptions): Promise<ProviderShape>;

  /**
   * Where this request could run, best first; already without offerings known to be full.
   * Throws `invalid` (no image, flavor or zone fits) or `capacity` (all are remembered as
   * full, impaired or disabled). What {@link launch} is refused for `capacity` is left out for
   * some minutes by the same provider. Changes nothing.
   */
  offerings(request: LaunchRequest, options?: CallOptions): Promise<readonly Offering[]>;

  /**
   * What {@link offerings} would answer and why, from the same planning. Changes nothing. A request that cannot
   * be served is an answer too (`refusal`); rejects only when the cloud cannot be asked.
   */
  explain?: Explain;

  /** Before {@link offerings}, for images that have to be brought over first; absent: none can. */
  importImage?: ImportImage;

  /** All imports, for an operator to look at. */
  imports?: ListImports;

  /**
   * Freezes launches of these requests on one offering: token and every parameter, as
   * plain JSON for the caller to record before it calls {@link launch}. Requests of equal
   * shape may share a launch; the position in `members` is then the launch index.
   * `attempt` is part of the token, since a token must never be used with other parameters.
   * Pure: no call leaves the process, the arguments stay as they are, and equal arguments
   * give equal launches in every replica.
   */
  freeze(requests: readonly LaunchRequest[], offering: Offering, attempt: number): readonly Launch[];

  /**
   * Resolves when a launch may be made without waiting for the vendor's limits; the next {@link launch}
   * with `admitted` in that account uses that up. Callers gather requests of equal shape meanwhile, so that one launch
   * serves many. Absent: a launch never waits.
   */
  admit?(options?: AdmitOptions): Promise<void>;

  /**
   * Carries out a frozen launch: one machine per member, by member. The same launch again
   * gives the same machines (the vendor folds the token, or we find them by tag), also after
   * a database has given its keys back in another order.
   * As many as there is room for, by launch index: members missing in the answer had no room, and are
   * missing in every later answer to this launch. Throws `capacity` and `quota` (nothing was started;
   * try the next offering),
   * `invalid`, `unauthorized`, `unavailable` and `throttled` (it may have been started; call
   * again with the same launch), `conflict` (this token is spent: freeze a new attempt).
   */
  launch(launch: Launch, options?: LaunchOptions): Promise<ReadonlyMap<string, ProviderInstance>>;

  /**
   * What these machines are like now, by id. An id missing in the answer was not found,
   * which means little while the machine is young (the vendor's reads lag behind).
   * Gathers calls made at nearly the same time into few requests.
   */
  describe(providerIds: readonly string[], options?: DescribeOptions): Promise<ReadonlyMap<string, ProviderInstance>>;

  /**
   * One page of all machines that carry our ownership tag (cell name and incarnation),
   * terminated ones included for as long as the vendor shows them.
   */
  list(page?: string, options?: CallOptions): Promise<ProviderPage>;

  /**
   * Power on a stopped machine. Repeat-safe: no error when it already runs or starts.
   * `capacity` when its zone is full (it stays stopped), `not-found` for an unknown id,
   * `conflict` in any other state: while it stops, look again and repeat.
   */
  start(providerId: string, options?: CallOptions): Promise<void>;

  /**
   * Power off. Repeat-safe: no error when it is stopped or stops. `force` cuts the power
   * instead of asking the guest. `not-found` for an unknown id, `conflict` in any other state:
   * while it is `pending`, look again and repeat.
   */
  stop(providerId: string, options?: CallOptions & { readonly force?: boolean }): Promise<void>;

  /**
   * Ask the guest to reboot; the machine stays `running` throughout. May reboot twice when
   * repeated. `not-found` for an unknown id, `conflict` when it does not run.
   */
  reboot(providerId: string, options?: CallOptions): Promise<void>;

  /**
   * End the machine for good, from any state, unless it is protected ({@link ProviderAbilities.protect}): `conflict`.
   * Repeat-safe: an unknown or terminated id is no
   * error, which proves nothing while the machine is young (the vendor may not know it yet):
   * the caller looks again before it believes in the end.
   */
  terminate(providerId: string, options?: CallOptions): Promise<void>;

  /** Ends timers and connections. */
  close(): Promise<void>;
}
