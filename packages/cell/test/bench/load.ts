import { setTimeout as pause } from 'node:timers/promises';
import amqp from 'amqplib';
import type { LinkNames } from '../support/cell-config.js';
import type { ReadyBuild } from './messages.js';

/** What was seen of one build. */
interface Seen {
  readonly sentAt: number;
  activeAt: number | null;
  updates: number;
}

export interface LoadResult {
  readonly builds: number;
  readonly seconds: number;
  /** From cast to the ACTIVE update, in ms. */
  readonly latenciesMs: readonly number[];
}

/** How many builds may be under way in the throughput phase: a peak, and not the whole list at once. */
const WINDOW = 1_000;
/** Nothing becomes ACTIVE for this long: the run is given up. */
const STALL_MS = 30_000;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
/** Quotes are escaped several times over. */
const ACTIVE = /vm_state[\\": ]+active/;

/**
 * A parent that is only fast: it publishes ready-made bodies and looks for uuids and `active` in what comes up,
 * without decoding it, so that the load costs little of what is measured.
 */
export class Load {
  private readonly seen = new Map<string, Seen>();
  private wake: () => void = () => {};
  private activeCount = 0;
  /** Messages up since the start, of whatever kind. */
  messagesUp = 0;
  bytesUp = 0;

  private constructor(
    private readonly connection: amqp.ChannelModel,
    private readonly channel: amqp.Channel,
    private readonly names: LinkNames,
  ) {}

  static async start(amqpUrl: string, names: LinkNames): Promise<Load> {
    const connection = await amqp.connect(amqpUrl, { noDelay: true });
    const channel = await connection.createChannel();
    const load = new Load(connection, channel, names);
    await load.consume();
    return load;
  }

  /** Publishes as fast as the window allows and waits until all are ACTIVE. */
  async flatOut(builds: readonly ReadyBuild[]): Promise<LoadResult> {
    const beganAt = performance.now();
    let next = 0;
    const before = this.activeCount;
    let active = 0;
    let progressAt = beganAt;
    while (active < builds.length) {
      for (; next < builds.length && next - active < WINDOW; next += 1) this.send(builds[next]);
      await this.nextArrival();
      const now = this.activeCount - before;
      if (now > active) progressAt = performance.now();
      if (performance.now() - progressAt > STALL_MS)
        throw new Error(`${builds.length - now} of ${builds.length} builds never became ACTIVE`);
      active = now;
    }
    return this.result(builds, beganAt);
  }

  /** One build every `1 / perSecond` seconds. */
  async paced(builds: readonly ReadyBuild[], perSecond: number): Promise<LoadResult> {
    const beganAt = performance.now();
    for (const [index, build] of builds.entries()) {
      const dueAt = beganAt + (index * 1000) / perSecond;
      await pause(Math.max(0, dueAt - performance.now()));
      this.send(build);
    }
    await this.allActive(builds);
    return this.result(builds, beganAt);
  }

  async allActive(builds: readonly ReadyBuild[]): Promise<void> {
    const until = performance.now() + STALL_MS;
    while (builds.some(({ uuid }) => !this.seen.get(uuid)?.activeAt)) {
      if (performance.now() > until) throw new Error('some builds never became ACTIVE');
      await this.nextArrival();
    }
  }

  /** Updates per build, all said so far. */
  updatesPerBuild(builds: readonly ReadyBuild[]): number {
    const updates = builds.reduce((sum, { uuid }) => sum + (this.seen.get(uuid)?.updates ?? 0), 0);
    return updates / builds.length;
  }

  /** Resolves when nothing has come up for `quietMs`. */
  async quiet(quietMs: number): Promise<void> {
    for (let before = -1; before !== this.messagesUp; ) {
      before = this.messagesUp;
      await pause(quietMs);
    }
  }

  async stop(): Promise<void> {
    await this.connection.close();
  }

  private send(build: ReadyBuild | undefined): void {
    if (!build) return;
    this.seen.set(build.uuid, { sentAt: performance.now(), activeAt: null, updates: 0 });
    const { childExchange, childQueueBase } = this.names;
    const properties = { contentType: 'application/json', contentEncoding: 'utf-8', deliveryMode: 2, priority: 0 };
    this.channel.publish(childExchange, `${childQueueBase}.targeted`, build.body, properties);
  }

  private async consume(): Promise<void> {
    const { parentExchange, parentQueueBase } = this.names;
    await this.channel.assertExchange(parentExchange, 'topic', { durable: false, autoDelete: false });
    for (const type of ['targeted', 'broadcast', 'response']) {
      const topic = `${parentQueueBase}.${type}`;
      await this.channel.assertQueue(topic, { durable: false, autoDelete: false });
      await this.channel.bindQueue(topic, parentExchange, topic);
      await this.channel.consume(topic, (message) => message && this.arrived(message.content), { noAck: true });
    }
  }

  private arrived(body: Buffer): void {
    this.messagesUp += 1;
    this.bytesUp += body.length;
    const text = body.toString('latin1');
    for (const [uuid] of text.matchAll(UUID)) {
      const seen = this.seen.get(uuid);
      if (!seen) continue;
      seen.updates += 1;
      if (seen.activeAt === null && ACTIVE.test(text)) {
        seen.activeAt = performance.now();
        this.activeCount += 1;
      }
      break;
    }
    this.wake();
  }

  private async nextArrival(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, 100);
      this.wake = () => {
        clearTimeout(timer);
        setImmediate(resolve);
      };
    });
  }

  private result(builds: readonly ReadyBuild[], beganAt: number): LoadResult {
    const seen = builds.flatMap(({ uuid }) => this.seen.get(uuid) ?? []);
    const lastAt = Math.max(...seen.map(({ activeAt }) => activeAt ?? 0));
    return {
      builds: builds.length,
      seconds: (lastAt - beganAt) / 1000,
      latenciesMs: seen.map(({ sentAt, activeAt }) => (activeAt ?? 0) - sentAt),
    };
  }
}
