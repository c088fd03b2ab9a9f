import { readFile } from 'node:fs/promises';
import type { Store } from '@burstcell/store';
import {
  AmqpTransport,
  castOf,
  type Direction,
  type InterCellMessage,
  parseTransportUrl,
  type Release,
  RpcClient,
  redactTransportUrl,
  splitPath,
  type TransportLog,
} from '@burstcell/wire';
import { ChildCells } from './child-cells.js';
import type { CellsV1Options } from './options.js';

/** What is known of a cell next to ours before anything is said to it. */
interface Address {
  readonly url: string;
  readonly direction: Direction;
}

interface Neighbour extends Address {
  readonly transport: AmqpTransport;
  client: { readonly release: Release; readonly rpc: RpcClient };
}

/**
 * The cells next to ours, from the `cells` table or a cells_config file, read again now and then as nova-cells does
 * (`db_check_interval`), each with one connection to its broker. Those above own us; those below we pass messages to.
 */
export class Neighbours {
  readonly children: ChildCells;
  private readonly cells = new Map<string, Neighbour>();
  private timer: NodeJS.Timeout | undefined;
  private onChild: (name: string) => void = () => undefined;

  constructor(
    private readonly options: CellsV1Options,
    private readonly store: Store,
    private readonly log: TransportLog,
  ) {
    this.children = new ChildCells(options.muteChildIntervalMs);
  }

  /** Called with each child that becomes known. */
  onNewChild(listener: (name: string) => void): void {
    this.onChild = listener;
  }

  async start(): Promise<void> {
    await this.refresh();
    if (this.parentNames.length === 0) {
      this.log.error({}, 'no parent cell is known: nothing can be told to anybody; add one with "burstcell cell create"');
    }
    this.timer = setInterval(() => void this.refreshSafely(), this.options.neighboursRefreshMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all([...this.cells.values()].map((cell) => cell.transport.close()));
    this.cells.clear();
  }

  get parentNames(): readonly string[] {
    return this.namesOf('up');
  }

  get childNames(): readonly string[] {
    return this.namesOf('down');
  }

  /**
   * Publishes at the cell named; else at the next one of the message's target; else at every cell in its direction. Resolves
   * when the brokers have it. Rejects with a TransportError.
   */
  async send(message: InterCellMessage, timeoutMs: number, name?: string): Promise<void> {
    const { direction } = message;
    const { target, call } = castOf(message, direction === 'up' ? this.options.parentNames : this.options.childNames);
    const cells = this.receivers(message, name);
    if (cells.length === 0) {
      throw new Error(
        `no ${direction === 'up' ? 'parent' : 'child'} cell ${name ?? ''} is known; add it with "burstcell cell create"`,
      );
    }
    await Promise.all(cells.map((cell) => this.clientOf(cell).cast(target, call, { timeoutMs })));
  }

  /** A parent may be registered here under another name than the one it gives itself: then all of them hear what is for it. */
  private receivers({ direction, targetCell, routingPath }: InterCellMessage, name: string | undefined): readonly Neighbour[] {
    const all = [...this.cells].filter(([, cell]) => cell.direction === direction);
    if (name !== undefined) return all.filter(([known]) => known === name).map(([, cell]) => cell);
    const next = targetCell === undefined ? undefined : splitPath(targetCell)[splitPath(routingPath).length];
    const named = all.filter(([known]) => known === next);
    const isForAll = next === undefined || (named.length === 0 && direction === 'up');
    return (isForAll ? all : named).map(([, cell]) => cell);
  }

  private namesOf(direction: Direction): readonly string[] {
    return [...this.cells].filter(([, cell]) => cell.direction === direction).map(([name]) => name);
  }

  private async refreshSafely(): Promise<void> {
    try {
      await this.refresh();
    } catch (error) {
      this.log.warn({ err: error }, 'the cells table could not be read; the neighbours stay as they are');
    }
  }

  private async refresh(): Promise<void> {
    const wanted = await this.wanted();
    for (const [name, cell] of this.cells) {
      const address = wanted.get(name);
      if (address?.url === cell.url && address.direction === cell.direction) continue;
      this.cells.delete(name);
      this.children.forget(name);
      void cell.transport.close();
    }
    for (const [name, address] of wanted) {
      if (this.cells.has(name)) continue;
      this.cells.set(name, this.connect(name, address));
      if (address.direction === 'down') this.onChild(name);
    }
  }

  private async wanted(): Promise<ReadonlyMap<string, Address>> {
    if (this.options.cellsConfig !== null) return cellsOfFile(await readFile(this.options.cellsConfig, 'utf8'));
    const rows = await this.store.cells.list();
    return new Map(rows.map((row) => [row.name, addressOf(row.transport_url, row.is_parent)]));
  }

  private connect(name: string, { url, direction }: Address): Neighbour {
    const { tls, heartbeatSeconds } = this.options;
    const facts = { cell: name, url: redactTransportUrl(parseTransportUrl(url)) };
    this.log.info(facts, direction === 'up' ? 'parent cell' : 'child cell');
    const transport = AmqpTransport.connect({
      urls: parseTransportUrl(url),
      heartbeatSeconds,
      connectionName: `burstcell ${this.options.name} to ${name}`,
      log: this.log,
      ...(tls === null ? {} : { tls }),
    });
    return { url, direction, transport, client: this.newClient(transport) };
  }

  /** Made anew when another release is spoken: the envelope is the dialect's. */
  private clientOf(cell: Neighbour): RpcClient {
    if (cell.client.release !== this.options.dialect.release) cell.client = this.newClient(cell.transport);
    return cell.client.rpc;
  }

  private newClient(transport: AmqpTransport): Neighbour['client'] {
    const { dialect, durable, autoDelete } = this.options;
    const { release, envelope, namespaceNull } = dialect;
    return { release, rpc: new RpcClient(transport, { exchange: { durable, autoDelete }, envelope, namespaceNull }) };
  }
}

/** A cells_config file (nova/cells/state.py, Havana on): label → row; the label is the name. */
function cellsOfFile(text: string): ReadonlyMap<string, Address> {
  const rows = JSON.parse(text) as Record<string, { readonly transport_url?: string; readonly is_parent?: boolean }>;
  const known = Object.entries(rows).filter(([, row]) => row.transport_url !== undefined);
  return new Map(known.map(([name, row]) => [name, addressOf(row.transport_url ?? '', row.is_parent === true)]));
}

function addressOf(url: string, isParent: boolean): Address {
  return { url, direction: isParent ? 'up' : 'down' };
}
