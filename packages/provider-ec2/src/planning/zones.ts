import { ProviderError } from '@burstcell/provider';
import { Cached } from '../cached.js';
import type { Foundation } from '../context.js';
import type { Ec2Zone } from '../ports/ec2-api.js';
import { ZONES_FRESH_MS } from '../timings.js';

function unknownZones(missing: readonly string[], zones: readonly Ec2Zone[]): ProviderError {
  const known = zones.map(({ name }) => name).join(', ');
  return new ProviderError('invalid', `[ec2] zones: ${missing.join(', ')} is not in this region; use ${known}`, {
    userMessage: 'The zones of this cloud are set up wrongly; ask your cloud operator.',
  });
}

/** The zones of the region that this cell uses, with EC2's word on each. */
export class Zones {
  readonly #cached: Cached<readonly Ec2Zone[]>;

  constructor({ config, clock, log, calls }: Foundation) {
    this.#cached = new Cached({
      what: 'availability zones',
      freshMs: ZONES_FRESH_MS,
      clock,
      log,
      load: async () => {
        const zones = await calls.read({
          action: 'DescribeAvailabilityZones',
          run: (api, options) => api.describeAvailabilityZones(options),
        });
        const missing = config.zones.filter((zone) => !zones.some(({ name }) => name === zone));
        if (missing.length > 0) throw unknownZones(missing, zones);
        return zones.filter(({ name }) => config.zones.length === 0 || config.zones.includes(name));
      },
    });
  }

  /** By name, in alphabetical order. */
  async all(signal?: AbortSignal): Promise<readonly Ec2Zone[]> {
    const zones = await this.#cached.get(signal);
    return [...zones].sort((a, b) => a.name.localeCompare(b.name));
  }
}
