import { ec2Failure } from './failures.js';
import type { EndpointAnswer } from './proxy-forward.js';
import type { Query } from './query.js';

/** Sends a Query request to the endpoint, in the name of the caller. */
export type SendForm = (form: URLSearchParams) => Promise<EndpointAnswer>;

interface Spent {
  readonly parameters: string;
  readonly answer: EndpointAnswer;
  readonly instanceIds: readonly string[];
}

const RUN_VERSION = '2016-11-15';
const ENDED = ['terminated', 'shutting-down'];

/**
 * What EC2 does with launches and moto does not: a client token that was used before gives
 * the first answer again (or IdempotentParameterMismatch, or IdempotentInstanceTerminated),
 * and MaxCount is what is launched. Tokens count per zone, else per region, as at AWS.
 */
export class ProxyTokens {
  readonly #spent = new Map<string, Spent>();
  readonly #idsByToken = new Map<string, string[]>();
  readonly #zones = new Map<string, string>();
  readonly #queues = new Map<string, Promise<unknown>>();

  /** RunInstances. Two with one token are carried out one after the other. */
  async launch(query: Query, region: string, send: SendForm): Promise<EndpointAnswer> {
    const token = query.get('ClientToken');
    if (token === undefined) return send(honourMaxCount(query));
    const key = `${region} ${await this.#zoneOf(query, send)} ${token}`;
    return this.#inTurn(key, () => this.#launchOnce(key, { token, query, send }));
  }

  /** moto has no filter by client token (it answers 500): it is asked for the ids we know instead. */
  rewriteFilter(query: Query): URLSearchParams {
    const form = query.toForm();
    query.structures('Filter').forEach((filter, index) => {
      if (filter.get('Name') !== 'client-token') return;
      const ids = filter.list('Value').flatMap((token) => this.#idsByToken.get(token) ?? []);
      replaceFilter(form, `Filter.${index + 1}`, ids.length > 0 ? ids : [NO_INSTANCE]);
    });
    return form;
  }

  clear(): void {
    this.#spent.clear();
    this.#idsByToken.clear();
  }

  async #launchOnce(
    key: string,
    { token, query, send }: { token: string; query: Query; send: SendForm },
  ): Promise<EndpointAnswer> {
    const spent = this.#spent.get(key);
    if (spent !== undefined) return replay(spent, query, send);

    const answer = await send(honourMaxCount(query));
    if (answer.status !== 200) return answer;
    const instanceIds = [...answer.body.matchAll(/<instanceId>([^<]+)<\/instanceId>/g)].map(([, id = '']) => id);
    this.#spent.set(key, { parameters: query.canonical(), answer, instanceIds });
    this.#idsByToken.set(token, [...(this.#idsByToken.get(token) ?? []), ...instanceIds]);
    return answer;
  }

  async #zoneOf(query: Query, send: SendForm): Promise<string> {
    const zone = query.under('Placement').get('AvailabilityZone');
    const subnetId = query.get('SubnetId') ?? query.under('NetworkInterface.1').get('SubnetId');
    if (zone !== undefined || subnetId === undefined) return zone ?? 'region';

    const known = this.#zones.get(subnetId);
    if (known !== undefined) return known;
    const { body } = await send(new URLSearchParams({ Action: 'DescribeSubnets', Version: RUN_VERSION, 'SubnetId.1': subnetId }));
    const found = /<availabilityZone>([^<]+)</.exec(body)?.[1];
    if (found !== undefined) this.#zones.set(subnetId, found);
    return found ?? subnetId;
  }

  async #inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#queues.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.#queues.set(key, mine);
    try {
      return await mine;
    } finally {
      if (this.#queues.get(key) === mine) this.#queues.delete(key);
    }
  }
}

/** An id that nothing has: a filter that must find nothing. */
const NO_INSTANCE = 'i-00000000000000000';

async function replay({ parameters, answer, instanceIds }: Spent, query: Query, send: SendForm): Promise<EndpointAnswer> {
  if (parameters !== query.canonical()) {
    throw ec2Failure(
      'IdempotentParameterMismatch',
      'Arguments on this idempotent request are inconsistent with arguments used in previous request(s).',
    );
  }
  const form = new URLSearchParams({ Action: 'DescribeInstances', Version: RUN_VERSION });
  instanceIds.forEach((id, index) => {
    form.set(`InstanceId.${index + 1}`, id);
  });
  const now = await send(form);
  if (now.status >= 500) return now;
  const states = [...now.body.matchAll(/<instanceState>[\s\S]*?<name>([^<]+)<\/name>/g)].map(([, state = '']) => state);
  // Nothing found says nothing: only machines seen to have ended have ended.
  if (states.length > 0 && states.every((state) => ENDED.includes(state))) {
    throw ec2Failure(
      'IdempotentInstanceTerminated',
      'The instance(s) launched by the previous request with this client token have been terminated.',
    );
  }
  return answer;
}

/** moto launches MinCount machines, EC2 as many as it can up to MaxCount. */
function honourMaxCount(query: Query): URLSearchParams {
  const form = query.toForm();
  const maxCount = query.get('MaxCount');
  if (maxCount !== undefined) form.set('MinCount', maxCount);
  return form;
}

function replaceFilter(form: URLSearchParams, prefix: string, ids: readonly string[]): void {
  for (const name of [...form.keys()]) if (name.startsWith(`${prefix}.Value.`)) form.delete(name);
  form.set(`${prefix}.Name`, 'instance-id');
  ids.forEach((id, index) => {
    form.set(`${prefix}.Value.${index + 1}`, id);
  });
}
