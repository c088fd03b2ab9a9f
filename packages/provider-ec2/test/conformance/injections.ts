import type { Fault } from '@burstcell/provider/conformance';
import { type Ec2Api, Ec2Error } from '../../src/ports/ec2-api.js';
import { ACTION_OF, CODE_OF } from './fault-codes.js';

type AnyCall = (...args: unknown[]) => Promise<unknown>;

export interface Injected {
  readonly api: Ec2Api;
  /** Every kind of error but `silence`. */
  inject(fault: Fault): void;
  /** Calls so far that were sent, by action. */
  count(action: string): number;
}

/** An Ec2Api of which chosen calls fail, before they are sent or after: for a cloud that cannot be told to misbehave. */
export function withInjections(api: Ec2Api): Injected {
  const pending: { readonly fault: Fault; left: number }[] = [];
  const counts = new Map<string, number>();

  function take(action: string): Fault | undefined {
    const found = pending.find(({ fault, left }) => ACTION_OF[fault.on] === action && left > 0);
    if (found) found.left -= 1;
    return found?.fault;
  }

  const failing = new Proxy(api, {
    get(target, name: string) {
      const call = (target as unknown as Record<string, AnyCall>)[name];
      if (typeof call !== 'function') return call;
      const action = name.charAt(0).toUpperCase() + name.slice(1);
      return async (...args: unknown[]) => {
        counts.set(action, (counts.get(action) ?? 0) + 1);
        const fault = take(action);
        if (fault?.when === 'before') throw errorOf(fault);
        const answer = await call.apply(target, args);
        if (fault?.when === 'after') throw errorOf(fault);
        return answer;
      };
    },
  });
  return {
    api: failing,
    inject: (fault) => pending.push({ fault, left: fault.times ?? 1 }),
    count: (action) => counts.get(action) ?? 0,
  };
}

function errorOf({ error }: Fault): Ec2Error {
  const isAnswer = error !== 'connection-reset' && error !== 'silence';
  return new Ec2Error(isAnswer ? CODE_OF[error] : 'NetworkingError', 'injected by this test', isAnswer ? 400 : null);
}
