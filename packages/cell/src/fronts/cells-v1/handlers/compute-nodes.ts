import type { ComputeNodeRow, ServiceRow } from '@burstcell/store';
import { computeNodeAnswer, computeNodeListAnswer, computeNodeStatsAnswer, nova } from '@burstcell/wire';
import { computeNodeRow, serviceRow } from '../translate/rows.js';
import type { Handler, HandlerTools, Incoming, Outcome } from './handler.js';

/** `nova hypervisor-show`: by id or, from Pike on, uuid. */
export const computeNodeGet: Handler = {
  method: 'compute_node_get',
  types: ['targeted'],
  async handle({ args }: Incoming, tools: HandlerTools): Promise<Outcome> {
    const id = String(args.compute_id);
    const node = await tools.store.hosts.computeNode(id);
    const service = node === null ? undefined : serviceOf(node, await tools.store.hosts.services({ topic: 'compute' }));
    if (node === null || service === undefined) return { failure: nova.computeHostNotFound(id) };
    return { answer: computeNodeAnswer(tools.dialect, { node: computeNodeRow(node), service: serviceRow(service) }) };
  },
};

/** `nova hypervisor-list`, `hypervisor-servers`. */
export const computeNodeGetAll: Handler = {
  method: 'compute_node_get_all',
  types: ['broadcast'],
  async handle({ args }: Incoming, { store, dialect }: HandlerTools): Promise<Outcome> {
    const match = typeof args.hypervisor_match === 'string' ? args.hypervisor_match : null;
    const [nodes, services] = await Promise.all([store.hosts.computeNodes(match), store.hosts.services({ topic: 'compute' })]);
    const pairs = nodes.flatMap((node) => {
      const service = serviceOf(node, services);
      return service === undefined ? [] : [{ node: computeNodeRow(node), service: serviceRow(service) }];
    });
    return { answer: computeNodeListAnswer(dialect, pairs) };
  },
};

/** `nova hypervisor-stats`: the parent sums over its cells key by key. */
export const computeNodeStats: Handler = {
  method: 'compute_node_stats',
  types: ['broadcast'],
  async handle(_incoming: Incoming, { store }: HandlerTools): Promise<Outcome> {
    const nodes = await store.hosts.computeNodes();
    return { answer: computeNodeStatsAnswer(nodes.map(computeNodeRow)) };
  },
};

function serviceOf(node: ComputeNodeRow, services: readonly ServiceRow[]): ServiceRow | undefined {
  return services.find((service) => service.host === node.host);
}
