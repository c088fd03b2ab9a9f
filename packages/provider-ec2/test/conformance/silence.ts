import type { Fault } from '@burstcell/provider/conformance';
import type { Ec2Api, Ec2CallOptions } from '../../src/ports/ec2-api.js';
import { ACTION_OF } from './fault-codes.js';

type AnyCall = (...args: unknown[]) => Promise<unknown>;

/** An Ec2Api of which chosen calls never answer; only their signal ends the wait. */
export function withSilence(api: Ec2Api): { readonly api: Ec2Api; fall(fault: Fault): void } {
  const pending: { action: string; when: Fault['when']; left: number }[] = [];

  function take(action: string): Fault['when'] | undefined {
    const found = pending.find((one) => one.action === action && one.left > 0);
    if (found) found.left -= 1;
    return found?.when;
  }

  const silent = new Proxy(api, {
    get(target, name: string) {
      const call = (target as unknown as Record<string, AnyCall>)[name];
      if (typeof call !== 'function') return call;
      return async (...args: unknown[]) => {
        const when = take(name.charAt(0).toUpperCase() + name.slice(1));
        if (when === undefined) return call.apply(target, args);
        if (when === 'after') await call.apply(target, args);
        return neverUnlessAborted(args.at(-1) as Ec2CallOptions | undefined);
      };
    },
  });
  return { api: silent, fall: ({ on, when, times = 1 }) => pending.push({ action: ACTION_OF[on], when, left: times }) };
}

function neverUnlessAborted(options: Ec2CallOptions | undefined): Promise<never> {
  return new Promise((_, reject) => {
    options?.signal?.addEventListener('abort', () => reject(options.signal?.reason), { once: true });
  });
}
