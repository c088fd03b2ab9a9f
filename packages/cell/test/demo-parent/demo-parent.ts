import { AdminApi } from './admin-api.js';
import { type ApiDatabase, noApiDatabase } from './api-database.js';
import { BrokerSide } from './broker-side.js';
import type { Json, JsonObject } from './json.js';
import { Judge } from './judge/judge.js';
import { addressesOf } from './judge/network-info.js';
import { keyPairObject } from './key-pair.js';
import { Questions } from './questions.js';
import { seeded } from './random.js';
import type { CellNames, RawDelivery, UpMessage } from './read-message.js';
import { dialectOf, type ParentDialect, type Release } from './releases.js';
import { Sender } from './sender.js';
import { type FaultRow, type InstanceRow, Tables } from './tables.js';
import { Threads } from './threads.js';
import { UserApi } from './user-api.js';
import type { Violation } from './violations.js';
import { until } from './wait.js';

export interface DemoParentOptions {
  /** The parent's broker: `amqp://…` or nova's `rabbit://…`. */
  readonly url: string;
  /** The child's, where it is another. */
  readonly childUrl?: string;
  readonly release: Release;
  readonly name?: string;
  readonly child?: string;
  /** The parent's exchange and queues; must differ from the child's where both use one virtual host. */
  readonly controlExchange: string;
  readonly queueBase: string;
  readonly childControlExchange: string;
  readonly childQueueBase: string;
  /** How late a thread may store what came; `0` stores at once and in order. */
  readonly storeDelayMs?: number;
  readonly parallelism?: number;
  /** Share of messages down that are said twice. */
  readonly repeatShare?: number;
  readonly seed?: number;
  readonly apiDatabase?: ApiDatabase;
}

/** One server as `nova show` gives it. */
export interface Shown {
  readonly uuid: string;
  readonly name: string;
  readonly vmState: string;
  readonly taskState: string | null;
  readonly powerState: number | null;
  readonly host: string | null;
  readonly launchedAt: string | null;
  readonly addresses: Readonly<Record<string, readonly string[]>>;
  /** Shown while vm_state is error or deleted. */
  readonly fault: FaultRow | null;
  readonly locked: boolean;
  readonly metadata: Readonly<Record<string, string>>;
  readonly updates: number;
}

const DEFAULT_DELAY_MS = 120;
/** A nova-cells worker has a thousand green threads; its database connections are what counts. */
const DEFAULT_PARALLELISM = 20;
const REPEAT_WITHIN_MS = 1_500;

/** A nova parent cell as its child sees it: one release, tables in memory, and a strict judge of what comes up. */
export class DemoParent {
  readonly dialect: ParentDialect;
  readonly tables = new Tables();
  readonly judge: Judge;
  readonly api: UserApi;
  readonly admin: AdminApi;
  readonly sender: Sender;
  readonly apiDatabase: ApiDatabase;
  private readonly questions: Questions;
  private readonly threads: Threads;
  private readonly broker: BrokerSide;

  private constructor(options: DemoParentOptions) {
    const random = seeded(options.seed ?? 1);
    this.dialect = dialectOf(options.release);
    this.apiDatabase = options.apiDatabase ?? noApiDatabase;
    const names: CellNames = {
      own: options.name ?? 'api',
      child: options.child ?? 'ec2',
      exchange: options.controlExchange,
      queueBase: options.queueBase,
    };
    this.judge = new Judge({
      dialect: this.dialect,
      names,
      tables: this.tables,
      onAnswer: (uuid, answer, findings) => this.questions.answer(uuid, answer, findings),
      onQuestion: (message) => void this.answerKeyPair(message).catch(() => {}),
    });
    this.questions = new Questions(this.dialect, this.judge.violations);
    const maxMs = options.storeDelayMs ?? DEFAULT_DELAY_MS;
    this.threads = new Threads({ minMs: 0, maxMs, parallelism: options.parallelism ?? DEFAULT_PARALLELISM, random });
    this.broker = brokerFor(options, (raw) => this.receive(raw));
    const repeats = { share: options.repeatShare ?? 0, maxDelayMs: REPEAT_WITHIN_MS, random };
    this.sender = new Sender({ dialect: this.dialect, names, broker: this.broker, questions: this.questions, repeats });
    this.admin = new AdminApi({ dialect: this.dialect, sender: this.sender });
    this.api = new UserApi({ dialect: this.dialect, tables: this.tables, sender: this.sender, apiDatabase: this.apiDatabase });
  }

  /** Resolves when its queues are read. */
  static async start(options: DemoParentOptions): Promise<DemoParent> {
    const parent = new DemoParent(options);
    await parent.broker.start();
    return parent;
  }

  get violations(): readonly Violation[] {
    return this.judge.violations;
  }

  /** `nova show`; undefined for a 404. */
  show(uuid: string): Shown | undefined {
    const row = this.tables.living(uuid);
    return row && this.shown(row);
  }

  /** `nova list`: living servers, and ghosts (Newton on: build requests that nobody removed). */
  async list(): Promise<{ servers: Shown[]; ghosts: string[] }> {
    const servers = [...this.tables.instances.values()].filter((row) => !row.deleted).map((row) => this.shown(row));
    const ghosts = this.dialect.buildRequests === 'none' ? [] : [...(await this.apiDatabase.buildRequests())];
    return { servers, ghosts };
  }

  /** Waits until the server looks as `condition` wants it; a deleted one is undefined. */
  async waitFor(uuid: string, condition: (shown: Shown | undefined) => boolean, timeoutMs?: number): Promise<Shown | undefined> {
    let last: Shown | undefined;
    await until({
      on: this.tables,
      event: 'change',
      read: () => {
        last = this.show(uuid);
        return condition(last);
      },
      tell: () => `instance ${uuid} did not get there: ${JSON.stringify(last)}\n${this.complaints()}`,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
    return last;
  }

  /** Waits until it rests in this vm_state with no task. */
  async waitForState(uuid: string, vmState: string, timeoutMs?: number): Promise<Shown> {
    const shown = await this.waitFor(uuid, (now) => now?.vmState === vmState && now.taskState === null, timeoutMs);
    if (!shown) throw new Error(`instance ${uuid} is gone`);
    return shown;
  }

  async waitForGone(uuid: string, timeoutMs?: number): Promise<void> {
    await this.waitFor(uuid, (now) => now === undefined, timeoutMs);
  }

  /** Waits until a condition on the tables holds. */
  async waitUntil(read: () => boolean, tell: string, timeoutMs?: number): Promise<void> {
    const timeout = timeoutMs === undefined ? {} : { timeoutMs };
    await until({ on: this.tables, event: 'change', read, tell: () => `${tell}\n${this.complaints()}`, ...timeout });
  }

  /** The child has said that it lives and what it has room for. */
  async waitForChild(timeoutMs?: number): Promise<void> {
    const { child } = this.tables;
    const read = () => child.lastSeen !== null && Object.keys(child.capacities).length > 0;
    await this.waitUntil(read, 'the child never announced itself', timeoutMs);
  }

  /** The answer to a message that a test sends by itself. */
  expectAnswer(uuid: string, method: string): Promise<Json> {
    return this.questions.ask(uuid, method);
  }

  /** Violations as lines, for failures. */
  complaints(): string {
    const lines = this.judge.violations
      .slice(0, 20)
      .map((v) => `  ${v.severity} ${v.code} ${v.method} ${v.uuid ?? ''}: ${v.text}`);
    return lines.length === 0 ? '' : `violations:\n${lines.join('\n')}`;
  }

  async stop(): Promise<void> {
    this.sender.stop();
    this.questions.stop();
    this.threads.stop();
    await this.broker.close();
    await this.apiDatabase.close();
  }

  private receive(raw: RawDelivery): void {
    const reception = this.judge.receive(raw);
    const { store } = reception;
    if (store) this.threads.run(store);
  }

  private async answerKeyPair(message: UpMessage): Promise<void> {
    const { user_id: userId, name } = message.kwargs;
    const value = keyPairObject(this.tables.keyPairs.get(`${userId}/${name}`), this.dialect);
    await this.sender.respond(message, value);
  }

  private shown(row: InstanceRow): Shown {
    const { columns } = row;
    const vmState = String(columns.vm_state);
    const faults = this.tables.faults.get(row.uuid) ?? [];
    return {
      uuid: row.uuid,
      name: String(columns.display_name),
      vmState,
      taskState: textOrNull(columns, 'task_state'),
      powerState: typeof columns.power_state === 'number' ? columns.power_state : null,
      host: textOrNull(columns, 'host'),
      launchedAt: textOrNull(columns, 'launched_at'),
      addresses: addressesOf(row.network_info),
      fault: vmState === 'error' ? (faults.at(-1) ?? null) : null,
      locked: columns.locked === true,
      metadata: row.metadata,
      updates: row.updates,
    };
  }
}

function textOrNull(columns: JsonObject, column: string): string | null {
  const value = columns[column];
  return typeof value === 'string' ? value : null;
}

function brokerFor(options: DemoParentOptions, onDelivery: (raw: RawDelivery) => void): BrokerSide {
  return new BrokerSide({
    url: options.url,
    own: { exchange: options.controlExchange, queueBase: options.queueBase },
    ...(options.childUrl === undefined ? {} : { childUrl: options.childUrl }),
    child: { exchange: options.childControlExchange, queueBase: options.childQueueBase },
    onDelivery,
  });
}
