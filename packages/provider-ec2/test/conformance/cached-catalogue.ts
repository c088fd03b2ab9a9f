import type { Ec2Api } from '../../src/ports/ec2-api.js';

/** Each page of the catalogue is asked for once: on moto it takes seconds, and every test makes a provider of its own. */
export function withCachedCatalogue(api: Ec2Api): Ec2Api {
  const pages = new Map<string, Promise<unknown>>();
  function once<T>(name: string, input: { readonly nextToken?: string }, ask: () => Promise<T>): Promise<T> {
    const key = `${name} ${input.nextToken ?? ''}`;
    const known = (pages.get(key) ?? ask()) as Promise<T>;
    pages.set(key, known);
    known.catch(() => pages.delete(key));
    return known;
  }
  return {
    ...api,
    describeInstanceTypes: (input) => once('types', input, () => api.describeInstanceTypes(input)),
    describeInstanceTypeOfferings: (input) => once('offerings', input, () => api.describeInstanceTypeOfferings(input)),
  };
}
