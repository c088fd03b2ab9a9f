import { formatTransportUrl, type ParsedTransportUrl } from '@burstcell/wire';

/** What is shown in place of a password. */
export const HIDDEN_PASSWORD = 'PASSWORD';

/** A cell as the other side must know it. */
export interface Neighbour {
  readonly name: string;
  readonly cellType: 'parent' | 'child';
  readonly broker: ParsedTransportUrl;
}

/** The same broker without its passwords. */
export function hidePasswords(broker: ParsedTransportUrl): ParsedTransportUrl {
  return { ...broker, hosts: broker.hosts.map((host) => ({ ...host, password: HIDDEN_PASSWORD })) };
}

/**
 * The flags of `nova-manage cell create`, which `burstcell cell create` takes as well. Port,
 * weight offset and weight scale look optional there and are not: it turns them into numbers.
 */
export function createFlags(neighbour: Neighbour, hasBrokerHosts: boolean): readonly (readonly [string, string])[] {
  const { hosts, virtualHost } = neighbour.broker;
  const [first] = hosts;
  if (first === undefined) throw new Error('a broker URL has at least one host');
  const address: readonly (readonly [string, string])[] =
    hosts.length > 1 && hasBrokerHosts
      ? [['--broker_hosts', hosts.map(({ hostname, port }) => `${hostname}:${port}`).join(',')]]
      : [
          ['--hostname', first.hostname],
          ['--port', String(first.port)],
        ];
  return [
    ['--name', neighbour.name],
    ['--cell_type', neighbour.cellType],
    ['--username', first.username],
    ['--password', first.password],
    ...address,
    ['--virtual_host', virtualHost],
    ['--woffset', '1.0'],
    ['--wscale', '1.0'],
  ];
}

/** The entry of a `cells.json`; its key is what the cell is called (nova/cells/state.py, CellStateManagerFile). */
export function cellsJson(neighbour: Neighbour): string {
  const row = {
    name: neighbour.name,
    api_url: '',
    transport_url: formatTransportUrl({ ...neighbour.broker, scheme: 'rabbit', query: {} }),
    weight_offset: 1.0,
    weight_scale: 1.0,
    is_parent: neighbour.cellType === 'parent',
  };
  return JSON.stringify({ [neighbour.name]: row }, null, 2);
}
