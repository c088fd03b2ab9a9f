import { hostServiceAnswer, isJsonObject, type JsonObject, nova, serviceAnswer, serviceListAnswer } from '@burstcell/wire';
import { computeNodeRow, serviceRow } from '../translate/rows.js';
import type { Handler, HandlerTools, Incoming, Outcome } from './handler.js';

/** `nova service-list`, `host-list`, availability zones: always answered, since one silent child breaks the list of all. */
export const serviceGetAll: Handler = {
  method: 'service_get_all',
  types: ['broadcast'],
  async handle({ args }: Incoming, { store, dialect }: HandlerTools): Promise<Outcome> {
    const services = await store.hosts.services(filterOf(isJsonObject(args.filters) ? args.filters : {}));
    return { answer: serviceListAnswer(dialect, services.map(serviceRow)) };
  },
};

/** Once per node by `nova hypervisor-list` (Kilo on). */
export const serviceGetByComputeHost: Handler = {
  method: 'service_get_by_compute_host',
  types: ['targeted'],
  async handle({ args }: Incoming, { store, dialect }: HandlerTools): Promise<Outcome> {
    const host = String(args.host_name);
    const [service] = await store.hosts.services({ host, topic: 'compute' });
    if (service === undefined) return { failure: nova.computeHostNotFound(host) };
    const node = (await store.hosts.computeNodes(host)).find((each) => each.host === host);
    return { answer: hostServiceAnswer(dialect, serviceRow(service), node === undefined ? null : computeNodeRow(node)) };
  },
};

/** `nova service-disable` drains a zone (Havana to Kilo; later parents refuse the host's name themselves). */
export const serviceUpdate: Handler = {
  method: 'service_update',
  types: ['targeted'],
  async handle({ args }: Incoming, tools: HandlerTools): Promise<Outcome> {
    const host = String(args.host_name);
    const binary = String(args.binary);
    const wanted = isJsonObject(args.params_to_update) ? args.params_to_update : {};
    const service = await change(host, binary, wanted, tools);
    if (service === null) return { failure: nova.hostBinaryNotFound(host, binary) };
    tools.hosts.forget();
    tools.pulse.soon();
    return { answer: serviceAnswer(tools.dialect, serviceRow(service)) };
  },
};

/** `nova service-delete` (Icehouse to Kilo). The parent ignores what is answered, but waits for it. */
export const serviceDelete: Handler = {
  method: 'service_delete',
  types: ['targeted'],
  async handle({ args }: Incoming, { store }: HandlerTools): Promise<Outcome> {
    const id = String(args.service_id);
    const deleted = /^\d{1,9}$/.test(id) && (await store.hosts.deleteService(Number(id)));
    return deleted ? { answer: null } : { failure: nova.serviceNotFound(id) };
  },
};

async function change(host: string, binary: string, wanted: JsonObject, { store }: HandlerTools) {
  if (typeof wanted.forced_down === 'boolean') {
    const forced = await store.hosts.setForcedDown(host, binary, wanted.forced_down);
    if (forced === null || typeof wanted.disabled !== 'boolean') return forced;
  }
  const reason = typeof wanted.disabled_reason === 'string' ? wanted.disabled_reason : null;
  return store.hosts.setDisabled(host, binary, wanted.disabled === true, reason);
}

function filterOf(filters: JsonObject): Parameters<HandlerTools['store']['hosts']['services']>[0] {
  return {
    ...(typeof filters.host === 'string' ? { host: filters.host } : {}),
    ...(typeof filters.topic === 'string' ? { topic: filters.topic } : {}),
    ...(typeof filters.binary === 'string' ? { binary: filters.binary } : {}),
    ...(typeof filters.disabled === 'boolean' ? { disabled: filters.disabled } : {}),
  };
}
