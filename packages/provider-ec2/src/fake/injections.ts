import type { Ec2Error } from '../ports/ec2-api.js';
import { ec2Failure } from './failures.js';

/** A failure to come. Plain JSON, so that it can be asked for over HTTP. */
export interface Injection {
  /** EC2's action (`RunInstances`), or `*` for any. */
  readonly action: string;
  /** EC2's code, or `NetworkingError` for an answer that never comes. */
  readonly code: string;
  readonly message?: string;
  /** `before`: the call has no effect. `after`: it has, and the caller does not hear of it. Default `before`. */
  readonly when?: 'before' | 'after';
  /** How often; null is for ever. Default 1. */
  readonly times?: number | null;
  /** How many matching calls pass unharmed first. Default 0. */
  readonly skip?: number;
}

interface Pending {
  readonly injection: Injection;
  skip: number;
  left: number;
}

export interface Fault {
  readonly when: 'before' | 'after';
  readonly error: Ec2Error;
}

/** Failures waiting for their calls, first come first served. */
export class Injections {
  #pending: Pending[] = [];

  add(injection: Injection): void {
    this.#pending.push({
      injection,
      skip: injection.skip ?? 0,
      left: injection.times ?? (injection.times === null ? Infinity : 1),
    });
  }

  clear(): void {
    this.#pending = [];
  }

  /** The fault that befalls this call, if any; counted as used. */
  take(action: string): Fault | undefined {
    for (const pending of this.#pending) {
      if (pending.injection.action !== '*' && pending.injection.action !== action) continue;
      if (pending.skip > 0) {
        pending.skip -= 1;
        continue;
      }
      return this.#use(pending);
    }
    return undefined;
  }

  #use(pending: Pending): Fault {
    pending.left -= 1;
    if (pending.left <= 0) this.#pending = this.#pending.filter((other) => other !== pending);
    const { code, message, when } = pending.injection;
    return { when: when ?? 'before', error: ec2Failure(code, message ?? `injected ${code}`) };
  }
}
