import { readFileSync } from 'node:fs';
import { isJsonObject, type ParsedTransportUrl, parseJson, parseTransportUrl } from '@burstcell/wire';
import type { CellConfig } from '../../config/cell-config.js';
import type { CliContext } from '../cli-context.js';
import { CliError } from '../cli-error.js';
import type { RecordedBroker } from './recording.js';

/** A broker that can be listened at, and who is there. */
export interface Place {
  readonly broker: RecordedBroker;
  readonly urls: ParsedTransportUrl;
}

interface Neighbour {
  readonly name: string;
  readonly transport_url: string;
  readonly is_parent: boolean;
}

/** The cell's own broker first, then its neighbours'. Throws a CliError where no parent is known. */
export async function placesOf(config: CellConfig, context: CliContext): Promise<readonly [Place, ...Place[]]> {
  const { burst, cells, controlExchange, transportUrl } = config;
  const ownNames = { exchange: controlExchange, queueBase: cells.rpcDriverQueueBase };
  const parentNames = { exchange: burst.parentControlExchange, queueBase: burst.parentQueueBase };
  const own = placeAt(transportUrl, { cell: cells.name, side: 'own', ...ownNames });
  const neighbours = (await neighboursOf(config, context)).map(({ name, transport_url: url, is_parent: isParent }) =>
    placeAt(url, isParent ? { cell: name, side: 'parent', ...parentNames } : { cell: name, side: 'child', ...ownNames }),
  );
  if (neighbours.some(({ broker }) => broker.side === 'parent')) return [own, ...neighbours];
  throw new CliError('no parent is known', "Make it known with 'burstcell cell create --cell_type parent …'.");
}

function placeAt(url: string, broker: Omit<RecordedBroker, 'addresses'>): Place {
  const urls = parseTransportUrl(url);
  return {
    urls,
    broker: { ...broker, addresses: urls.hosts.map(({ hostname, port }) => `${hostname}:${port}/${urls.virtualHost}`) },
  };
}

async function neighboursOf({ cells, database }: CellConfig, context: CliContext): Promise<readonly Neighbour[]> {
  if (cells.cellsConfig !== null) return neighboursOfFile(cells.cellsConfig);
  const store = await context.database.open(database.connection);
  try {
    return await store.cells.list();
  } finally {
    await store.close();
  }
}

/** A cells_config file: label → row (nova/cells/state.py, Havana on). */
function neighboursOfFile(path: string): readonly Neighbour[] {
  const value = parseJson(readFileSync(path, 'utf8'));
  if (!isJsonObject(value)) throw new CliError(`${path} is no JSON object`, 'It maps each neighbour to its row, as for nova.');
  return Object.entries(value).flatMap(([name, row]) => {
    if (!isJsonObject(row) || typeof row.transport_url !== 'string') return [];
    return [{ name, transport_url: row.transport_url, is_parent: row.is_parent === true }];
  });
}
