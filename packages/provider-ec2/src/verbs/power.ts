import { isRepeatable, ProviderError } from '@burstcell/provider';
import type { Ec2Context } from '../context.js';
import type { Ec2Action } from '../limits/buckets.js';
import { toProviderError } from '../limits/errors.js';
import { notFound, youngerThanNotFound } from '../limits/not-found.js';
import type { Ec2Api, Ec2CallOptions } from '../ports/ec2-api.js';
import { POWER_MAX_IDS, POWER_MAX_WAIT_MS } from '../timings.js';
import { Gatherer } from '../watching/gather.js';
import { isInstanceId } from '../watching/instance-reader.js';

type Outcome = ProviderError | 'done';

interface PowerCall {
  readonly action: Ec2Action;
  readonly run: (api: Ec2Api, ids: readonly string[], options: Ec2CallOptions) => Promise<void>;
}

/** A power verb whose calls are gathered: 100 stops at once are one request. Every machine gets its own outcome. */
class PowerVerb {
  readonly #gatherer: Gatherer<Outcome>;

  constructor(
    private readonly ec2: Ec2Context,
    private readonly call: PowerCall,
  ) {
    this.#gatherer = new Gatherer({
      maxWaitMs: POWER_MAX_WAIT_MS,
      maxKeys: POWER_MAX_IDS,
      clock: ec2.clock,
      run: (ids, signal) => this.#outcomes(ids, signal),
    });
  }

  async of(id: string, signal?: AbortSignal): Promise<void> {
    if (!isInstanceId(id)) throw notFound(id);
    const outcome = await this.#outcomeOf(id, signal);
    if (outcome instanceof ProviderError) throw youngerThanNotFound(this.ec2.young, id, outcome);
  }

  async #outcomeOf(id: string, signal?: AbortSignal): Promise<Outcome | undefined> {
    try {
      return (await this.#gatherer.ask([id], signal)).get(id);
    } catch (thrown) {
      throw toProviderError(thrown);
    }
  }

  /** EC2 refuses a whole call for one machine: halving finds it, and repeating is safe since nothing of a refused call was done. */
  async #outcomes(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Outcome>> {
    try {
      await this.#act(ids, signal);
      return new Map(ids.map((id) => [id, 'done']));
    } catch (thrown) {
      const error = toProviderError(thrown);
      if (ids.length === 1 || isRepeatable(error)) return new Map(ids.map((id) => [id, error]));
    }
    const middle = Math.ceil(ids.length / 2);
    const halves = await Promise.all([ids.slice(0, middle), ids.slice(middle)].map((half) => this.#outcomes(half, signal)));
    return new Map(halves.flatMap((half) => [...half]));
  }

  #act(ids: readonly string[], signal: AbortSignal): Promise<void> {
    const { action, run } = this.call;
    return this.ec2.calls.once({ action, instances: ids.length, signal, run: (api, options) => run(api, ids, options) });
  }
}

/** The power verbs of the contract, over EC2's. */
export class Power {
  readonly #start: PowerVerb;
  readonly #stop: PowerVerb;
  readonly #forceStop: PowerVerb;
  readonly #terminate: PowerVerb;

  constructor(private readonly ec2: Ec2Context) {
    this.#start = new PowerVerb(ec2, { action: 'StartInstances', run: (api, ids, options) => api.startInstances(ids, options) });
    this.#stop = new PowerVerb(ec2, { action: 'StopInstances', run: (api, ids, options) => api.stopInstances(ids, options) });
    this.#forceStop = new PowerVerb(ec2, {
      action: 'StopInstances',
      run: (api, ids, options) => api.stopInstances(ids, { ...options, force: true }),
    });
    this.#terminate = new PowerVerb(ec2, {
      action: 'TerminateInstances',
      run: (api, ids, options) => api.terminateInstances(ids, options),
    });
  }

  /** EC2 answers the start of a running machine with success. */
  start(id: string, signal?: AbortSignal): Promise<void> {
    return this.#start.of(id, signal);
  }

  stop(id: string, { force = false, signal }: { readonly force?: boolean; readonly signal?: AbortSignal } = {}): Promise<void> {
    return (force ? this.#forceStop : this.#stop).of(id, signal);
  }

  /** Alone, since a reboot must not be repeated for a neighbour's sake. */
  async reboot(id: string, signal?: AbortSignal): Promise<void> {
    if (!isInstanceId(id)) throw notFound(id);
    try {
      await this.ec2.calls.once({ action: 'RebootInstances', signal, run: (api, options) => api.rebootInstances([id], options) });
    } catch (thrown) {
      throw youngerThanNotFound(this.ec2.young, id, toProviderError(thrown));
    }
  }

  /** An unknown id is no error, unless the machine is so young that EC2 may only not know it yet. */
  async terminate(id: string, signal?: AbortSignal): Promise<void> {
    try {
      await this.#terminate.of(id, signal);
    } catch (thrown) {
      const error = toProviderError(thrown);
      if (error.kind !== 'not-found' || error.subject !== 'instance') throw error;
    }
  }
}
