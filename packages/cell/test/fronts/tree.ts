import { randomUUID } from 'node:crypto';
import {
  decodeInterCell,
  decodeResponse,
  dialectOf,
  encodeInterCell,
  type InterCellMessage,
  type JsonObject,
  type ResponseItem,
  type RpcRequest,
  TransportError,
} from '@burstcell/wire';
import { Calls } from '../../src/fronts/cells-v1/calls.js';
import { ChildCells } from '../../src/fronts/cells-v1/child-cells.js';
import { Intake } from '../../src/fronts/cells-v1/intake.js';
import type { Neighbours } from '../../src/fronts/cells-v1/neighbours.js';
import type { CellsV1Options } from '../../src/fronts/cells-v1/options.js';
import { ReleaseWatch } from '../../src/fronts/cells-v1/release-watch.js';
import { SpokenRelease } from '../../src/fronts/cells-v1/spoken-release.js';
import { silentLog } from './tools.js';

const RELEASE = 'rocky';

/** One of our cells in memory: its real intake, over a store that holds only services. */
export class TreeCell {
  readonly calls = new Calls();
  readonly children = new ChildCells(300_000);
  readonly rejected: string[] = [];
  readonly committed: JsonObject[] = [];
  /** False: its broker takes nothing. */
  isReachable = true;
  capacityNews = 0;
  acked = 0;
  private readonly intake: Intake;

  constructor(
    readonly name: string,
    private readonly tree: Tree,
    { callTimeoutMs }: { callTimeoutMs: number },
  ) {
    const spoken = new SpokenRelease(RELEASE, RELEASE);
    const options = { name, spoken, dialect: dialectOf(RELEASE), callTimeoutMs, maxHopCount: 10 } as CellsV1Options;
    this.intake = new Intake({
      options,
      neighbours: this.neighbours(),
      calls: this.calls,
      releases: new ReleaseWatch(spoken, silentLog),
      verbs: new Map(),
      deadlines: { buildMs: 1, verbMs: 1 },
      counts: { received() {}, duplicate() {}, rejected: (reason: string) => void this.rejected.push(reason) },
      tools: this.tools(),
    } as unknown as ConstructorParameters<typeof Intake>[0]);
  }

  /** A delivery, through the same text as on the wire. Resolves when it was acked. */
  async deliver(text: string): Promise<void> {
    const request = { method: 'process_message', args: { message: text }, hints: {}, context: {}, body: Buffer.from(text) };
    await this.intake.take({ ...request, routingKey: '', ack: () => this.countAck() } as unknown as RpcRequest);
  }

  stop(): void {
    this.intake.stop();
  }

  private countAck(): void {
    this.acked += 1;
  }

  private countNews(): void {
    this.capacityNews += 1;
  }

  private neighbours(): Neighbours {
    const { name, tree, children } = this;
    return {
      get parentNames() {
        return tree.parentsOf(name);
      },
      get childNames() {
        return tree.childrenOf(name);
      },
      children,
      send: (message: InterCellMessage, _timeoutMs: number, to?: string) => tree.send(name, message, to),
    } as unknown as Neighbours;
  }

  private tools() {
    const service = { id: 1, host: `${this.name}-zone`, binary: 'nova-compute', topic: 'compute', created_at: null };
    return {
      dialect: dialectOf(RELEASE),
      log: silentLog,
      now: () => new Date(),
      pulse: { soon: () => this.countNews(), capabilities() {}, capacities() {} },
      store: {
        commit: async (unit: JsonObject) => {
          this.committed.push(unit);
          return 'done';
        },
        hosts: { services: async () => [service], computeNodes: async () => [] },
      },
    };
  }
}

/** Cells in memory that pass messages as text: `api` at the top, which only records, over cells of ours. */
export class Tree {
  readonly cells = new Map<string, TreeCell>();
  /** What came to the top, as it came. */
  readonly atTop: InterCellMessage[] = [];
  private readonly parents = new Map<string, string>();
  private readonly listeners = new Set<() => void>();
  private readonly underWay = new Set<Promise<void>>();

  /** Paths such as `api!region!ec2`: each cell below its parent. */
  constructor(paths: readonly string[], { callTimeoutMs = 400 } = {}) {
    for (const path of paths) {
      const names = path.split('!');
      names.slice(1).forEach((name, index) => {
        this.parents.set(name, names[index] ?? '');
        if (!this.cells.has(name)) this.cells.set(name, new TreeCell(name, this, { callTimeoutMs }));
      });
    }
  }

  cell(name: string): TreeCell {
    const cell = this.cells.get(name);
    if (cell === undefined) throw new Error(`no cell ${name}`);
    return cell;
  }

  parentsOf(name: string): readonly string[] {
    const parent = this.parents.get(name);
    return parent === undefined ? [] : [parent];
  }

  childrenOf(name: string): readonly string[] {
    return [...this.parents].filter(([, parent]) => parent === name).map(([child]) => child);
  }

  /** From one cell to its neighbours, resolving when their "broker" has it. */
  async send(from: string, message: InterCellMessage, to?: string): Promise<void> {
    const next = message.targetCell?.split('!')[message.routingPath.split('!').length];
    const all = message.direction === 'up' ? this.parentsOf(from) : this.childrenOf(from);
    const names = [to ?? next].flatMap((name) => name ?? []);
    for (const name of names.length > 0 ? names : all) this.hand(name, encodeInterCell(message));
  }

  /** From the top to the cell below it. */
  fromTop(more: Partial<InterCellMessage> & { methodName: string }, to: string): InterCellMessage {
    const message = aMessage({ direction: 'down', routingPath: 'api', ...more });
    this.hand(to, encodeInterCell(message));
    return message;
  }

  /** From a cell to the one above it. */
  async fromBelow(name: string, more: Partial<InterCellMessage> & { methodName: string }): Promise<void> {
    await this.send(name, aMessage({ direction: 'up', routingPath: name, ...more }));
  }

  /** The items of the answer to a message, when it has come to the top. */
  async answer({ uuid }: InterCellMessage): Promise<readonly ResponseItem[]> {
    await this.until(() => this.atTop.some((message) => message.responseUuid === uuid));
    const found = this.atTop.find((message) => message.responseUuid === uuid);
    return found === undefined ? [] : decodeResponse(found).items;
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.listeners.add(resolve));
  }

  /** Resolves when every delivery has been dealt with. */
  async settled(): Promise<void> {
    await this.until(() => this.underWay.size === 0);
  }

  stop(): void {
    for (const cell of this.cells.values()) cell.stop();
  }

  private hand(name: string, text: string): void {
    const cell = this.cells.get(name);
    if (cell?.isReachable === false) throw new TransportError('timeout', `${name} is away`);
    if (cell === undefined) this.atTop.push(decodeInterCell(text));
    else this.track(cell.deliver(text));
    this.changed();
  }

  private track(delivery: Promise<void>): void {
    this.underWay.add(delivery);
    void delivery.finally(() => {
      this.underWay.delete(delivery);
      this.changed();
    });
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
    this.listeners.clear();
  }
}

function aMessage(more: Partial<InterCellMessage> & { methodName: string; direction: 'up' | 'down'; routingPath: string }) {
  return {
    messageType: 'targeted' as const,
    ctxt: {},
    methodKwargs: {},
    needResponse: false,
    fanout: false,
    uuid: randomUUID(),
    hopCount: 1,
    maxHopCount: 10,
    ...more,
  };
}
