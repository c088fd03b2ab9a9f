import { Ec2Error } from '../ports/ec2-api.js';
import { CallLog } from './call-log.js';
import type { Clock } from './clock.js';
import { ec2Failure } from './failures.js';
import { Injections } from './injections.js';
import type { Throttle } from './throttle.js';

/** One call on its way in. */
export interface GateCall {
  readonly action: string;
  /** Instances it would launch or touch. Default 0. */
  readonly instances?: number;
  /** A Describe without ids, filters or paging. */
  readonly isUnbounded?: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface GateOptions {
  readonly clock: Clock;
  /** Undefined: nothing is throttled. */
  readonly throttle: Throttle | undefined;
}

/** What every call passes on its way in and out: latency, injected faults, AWS's throttle, the log. */
export class Gate {
  readonly injections = new Injections();
  readonly log = new CallLog();
  latencyMs = 0;

  constructor(private readonly options: GateOptions) {}

  /** Lets `effect` happen, or not, and answers for it. An abort ends the wait with its reason, never the effect. */
  async pass<T>(call: GateCall, effect: () => T | Promise<T>): Promise<T> {
    const { signal } = call;
    signal?.throwIfAborted();
    const answer = this.#answer(call, effect);
    return signal === undefined ? answer : untilAborted(answer, signal);
  }

  async #answer<T>(call: GateCall, effect: () => T | Promise<T>): Promise<T> {
    try {
      if (this.latencyMs > 0) await this.#wait();
      const result = await this.#act(call, effect);
      this.#record(call, 'ok');
      return result;
    } catch (error) {
      this.#record(call, error instanceof Ec2Error ? error.code : 'bug');
      throw error;
    }
  }

  async #act<T>({ action, instances = 0, isUnbounded = false }: GateCall, effect: () => T | Promise<T>): Promise<T> {
    const fault = this.injections.take(action);
    if (fault?.when === 'before') throw fault.error;
    if (this.options.throttle?.take({ action, instances, isUnbounded }) === false) {
      throw ec2Failure('RequestLimitExceeded', 'Request limit exceeded.');
    }
    if (fault === undefined) return effect();

    // The answer is lost, whatever it would have said.
    await Promise.resolve()
      .then(effect)
      .catch(() => {});
    throw fault.error;
  }

  #record({ action, instances = 0 }: GateCall, outcome: string): void {
    this.log.add({ action, instances, outcome, at: this.options.clock.now() });
  }

  #wait(): Promise<void> {
    return new Promise((resolve) => {
      this.options.clock.setTimer(resolve, this.latencyMs, true);
    });
  }
}

function untilAborted<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
