import { ProviderError } from '../errors.js';
import type { ProviderVerb } from '../fault.js';
import type { Clock } from './clock.js';
import { type FaultPlan, outcomeOf, SILENCE } from './faults.js';
import type { CloudSettings } from './options.js';

export type CallCounts = Readonly<Partial<Record<ProviderVerb, number>>>;

/** What every call passes on its way to the cloud and back: counting, planned faults, latency, abort. */
export class Gate {
  readonly #counts: Partial<Record<ProviderVerb, number>> = {};

  constructor(
    private readonly settings: CloudSettings,
    private readonly faults: FaultPlan,
  ) {}

  get counts(): CallCounts {
    return { ...this.#counts };
  }

  /**
   * The effect is at once and whole; only the answer takes its time. So an abort, which
   * ends the wait with `unavailable`, leaves the effect where it is.
   */
  async pass<T>(verb: ProviderVerb, signal: AbortSignal | undefined, act: () => T): Promise<T> {
    if (signal?.aborted === true) throw abortedError(verb, signal);
    this.#counts[verb] = (this.#counts[verb] ?? 0) + 1;
    const outcome = this.#carryOut(verb, act);
    const latencyMs = this.settings.latencyOf(verb);
    if (outcome === SILENCE) await waitFor(Number.POSITIVE_INFINITY, { clock: this.settings.clock, verb, signal });
    else if (latencyMs > 0) await waitFor(latencyMs, { clock: this.settings.clock, verb, signal });
    if (outcome === SILENCE) throw new ProviderError('unavailable', `no answer to ${verb}`);
    if ('error' in outcome) throw outcome.error;
    return outcome.value;
  }

  #carryOut<T>(verb: ProviderVerb, act: () => T): { readonly value: T } | { readonly error: unknown } | typeof SILENCE {
    const fault = this.faults.take(verb);
    if (fault?.when === 'before') return replaced(outcomeOf(fault));
    const outcome = attempt(act);
    // A refusal stays what it is: nothing happened whose answer could be lost.
    return fault === undefined || 'error' in outcome ? outcome : replaced(outcomeOf(fault));
  }
}

function replaced(outcome: ProviderError | typeof SILENCE): { readonly error: ProviderError } | typeof SILENCE {
  return outcome === SILENCE ? SILENCE : { error: outcome };
}

function attempt<T>(act: () => T): { readonly value: T } | { readonly error: unknown } {
  try {
    return { value: act() };
  } catch (error) {
    return { error };
  }
}

function waitFor(
  ms: number,
  { clock, verb, signal }: { readonly clock: Clock; readonly verb: ProviderVerb; readonly signal: AbortSignal | undefined },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = Number.isFinite(ms) ? clock.after(ms, finish) : () => undefined;
    signal?.addEventListener('abort', giveUp, { once: true });
    function finish(): void {
      signal?.removeEventListener('abort', giveUp);
      resolve();
    }
    function giveUp(): void {
      cancel();
      reject(abortedError(verb, signal));
    }
  });
}

function abortedError(verb: ProviderVerb, signal: AbortSignal | undefined): ProviderError {
  return new ProviderError('unavailable', `${verb} was aborted`, { code: 'Aborted', cause: signal?.reason });
}
