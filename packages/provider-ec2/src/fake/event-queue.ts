import { randomUUID } from 'node:crypto';
import { type EventsApi, type QueuedEvent, RECEIVE_MAX, type ReceiveOptions } from '../ports/events-api.js';
import { type Clock, systemClock } from './clock.js';
import { stateChangeEvent } from './event-bodies.js';
import type { FakeControls } from './fake-controls.js';
import { EVENT_QUEUE_SIZE, EVENT_VISIBILITY_MS } from './timings.js';

export interface FakeEventQueueOptions {
  readonly clock?: Clock;
  /** How long a message that was received is not shown again. Default 30 s, as SQS. */
  readonly visibilityMs?: number;
  /** No receive waits longer than this, whatever it asks for. Default: as it asks. */
  readonly longestWaitMs?: number;
}

interface Message {
  readonly body: string;
  handle: string;
  visibleAt: number;
}

/** An SQS queue that an EventBridge rule on EC2's state changes fills: what happens in the fake is in it at once. */
export class FakeEventQueue implements EventsApi {
  readonly #messages = new Set<Message>();
  readonly #waiting = new Set<() => void>();
  readonly #options: Required<FakeEventQueueOptions>;
  readonly #leave: () => void;
  /** Requests so far. */
  requests = 0;

  constructor(fake: FakeControls, options: FakeEventQueueOptions = {}) {
    const defaults = { clock: systemClock, visibilityMs: EVENT_VISIBILITY_MS, longestWaitMs: Number.POSITIVE_INFINITY };
    this.#options = { ...defaults, ...options };
    this.#leave = fake.onStateChange((change) => this.put(stateChangeEvent(change)));
  }

  /** Messages that are not deleted. */
  get size(): number {
    return this.#messages.size;
  }

  /** Another message; the oldest is lost when nobody takes any. */
  put(body: string): void {
    this.#messages.add({ body, handle: '', visibleAt: 0 });
    const [oldest] = this.#messages;
    if (oldest !== undefined && this.#messages.size > EVENT_QUEUE_SIZE) this.#messages.delete(oldest);
    for (const wake of this.#waiting) wake();
  }

  async receive(waitMs: number, { signal, hideMs }: ReceiveOptions = {}): Promise<readonly QueuedEvent[]> {
    signal?.throwIfAborted();
    this.requests += 1;
    const atOnce = this.#take(hideMs);
    const longest = Math.min(waitMs, this.#options.longestWaitMs);
    if (atOnce.length > 0 || longest <= 0) return atOnce;
    await this.#somethingOr(longest, signal);
    signal?.throwIfAborted();
    return this.#take(hideMs);
  }

  async delete(handles: readonly string[]): Promise<void> {
    this.requests += 1;
    for (const message of this.#messages) if (handles.includes(message.handle)) this.#messages.delete(message);
  }

  /** Whatever has come so far is forgotten. */
  clear(): void {
    this.#messages.clear();
  }

  /** From now on nothing comes in. */
  close(): void {
    this.#leave();
  }

  #take(visibilityMs = this.#options.visibilityMs): readonly QueuedEvent[] {
    const { clock } = this.#options;
    const now = clock.now();
    const taken: QueuedEvent[] = [];
    for (const message of this.#messages) {
      if (message.visibleAt > now) continue;
      message.visibleAt = now + visibilityMs;
      message.handle = randomUUID();
      taken.push({ body: message.body, handle: message.handle });
      if (taken.length === RECEIVE_MAX) break;
    }
    return taken;
  }

  #somethingOr(waitMs: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        cancel();
        this.#waiting.delete(done);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const cancel = this.#options.clock.setTimer(done, waitMs, true);
      this.#waiting.add(done);
      signal?.addEventListener('abort', done, { once: true });
    });
  }
}
