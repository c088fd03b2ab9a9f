import type { Clock } from '../clock.js';
import type { YoungInstances } from '../launching/young-instances.js';
import type { Calls } from '../limits/calls.js';
import { ec2Cause, toProviderError } from '../limits/errors.js';
import { notFound, youngerThanNotFound } from '../limits/not-found.js';
import type { Ec2Instance } from '../ports/ec2-api.js';
import { DESCRIBE_MAX_IDS, DESCRIBE_MAX_WAIT_MS } from '../timings.js';
import { Gatherer } from './gather.js';

export interface InstanceReaderParts {
  readonly calls: Calls;
  readonly clock: Clock;
  readonly young: YoungInstances;
}

/** Describes by id, gathered over all callers of this process: `describe` and the verbs that look before they act. */
export class InstanceReader {
  readonly #gatherer: Gatherer<Ec2Instance>;

  constructor(private readonly parts: InstanceReaderParts) {
    const { calls, clock } = parts;
    this.#gatherer = new Gatherer({
      maxWaitMs: DESCRIBE_MAX_WAIT_MS,
      maxKeys: DESCRIBE_MAX_IDS,
      clock,
      run: async (ids, signal) => {
        const found = await findInstances(calls, ids, signal);
        return new Map(found.map((instance) => [instance.instanceId, instance]));
      },
    });
  }

  /** Those that EC2 knows, by id. */
  async some(ids: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, Ec2Instance>> {
    try {
      return await this.#gatherer.ask(ids.filter(isInstanceId), signal);
    } catch (thrown) {
      throw toProviderError(thrown);
    }
  }

  /** Throws `not-found`, or `unavailable` while the machine is young. */
  async one(id: string, signal?: AbortSignal): Promise<Ec2Instance> {
    const found = (await this.some([id], signal)).get(id);
    if (!found) throw youngerThanNotFound(this.parts.young, id, notFound(id));
    return found;
  }
}

/**
 * Those of the ids that EC2 knows. One unknown id fails the whole call and EC2 names the
 * culprits only in its message, so the others are asked for again without them; where no
 * id is named, in halves.
 */
async function findInstances(calls: Calls, ids: readonly string[], signal?: AbortSignal): Promise<readonly Ec2Instance[]> {
  if (ids.length === 0) return [];
  try {
    const page = await calls.read({
      action: 'DescribeInstances',
      signal,
      run: (api, options) => api.describeInstances({ ids }, options),
    });
    return page.instances;
  } catch (error) {
    const cause = ec2Cause(error);
    if (!cause?.code.startsWith('InvalidInstanceID.')) throw error;
    const parts = withoutCulprits(ids, cause.message).map((others) => findInstances(calls, others, signal));
    return (await Promise.all(parts)).flat();
  }
}

/** What to ask for next: the ids without those named, or halves where none is named. */
function withoutCulprits(ids: readonly string[], message: string): readonly (readonly string[])[] {
  if (ids.length === 1) return [];
  const named = new Set(message.match(/i-[0-9a-zA-Z]+/g) ?? []);
  const others = ids.filter((id) => !named.has(id));
  if (others.length < ids.length) return [others];

  const middle = Math.ceil(ids.length / 2);
  return [ids.slice(0, middle), ids.slice(middle)];
}

/** Anything else was never EC2's: it is not found without asking, and cannot spoil a gathered call. */
export function isInstanceId(id: string): boolean {
  return /^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id);
}
