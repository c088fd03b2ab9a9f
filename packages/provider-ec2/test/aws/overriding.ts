import type { Ec2Api } from '../../src/ports/ec2-api.js';

type AnyCall = (...args: unknown[]) => unknown;

/** The port with some of its calls replaced; the others keep their `this`. */
export function overriding(api: Ec2Api, calls: Partial<Ec2Api>): Ec2Api {
  return new Proxy(api, {
    get(target, name: string) {
      const own = (calls as Readonly<Record<string, AnyCall>>)[name];
      if (own !== undefined) return own;
      const call = (target as unknown as Readonly<Record<string, unknown>>)[name];
      return typeof call === 'function' ? call.bind(target) : call;
    },
  });
}
