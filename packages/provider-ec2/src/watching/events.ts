import type { ProviderChange, ProviderChanges } from '@burstcell/provider';
import { qualified } from '../accounts/account-ids.js';
import { guarded } from '../limits/errors.js';
import type { Log } from '../log.js';
import { type EventsApi, type QueuedEvent, RECEIVE_MAX } from '../ports/events-api.js';
import { EVENTS_MAX, EVENTS_WAIT_MS, EVENTS_WAIT_NEXT_MS } from '../timings.js';
import { parseEvent } from './event-message.js';

/** What EC2 says has changed, by EventBridge and a queue. Messages that mean nothing here are settled with the others. */
export class Ec2Events {
  /** Messages without a meaning, by kind. */
  readonly #ignored = new Map<string, number>();

  constructor(
    private readonly parts: {
      readonly queue: EventsApi;
      readonly log: Log;
      /** Accounts beside the queue's own whose events are sent on to it. */
      readonly others: readonly string[];
    },
  ) {}

  /** All that waits in the queue, up to a bound; see `ProviderAbilities.changes`. */
  changes(signal?: AbortSignal): Promise<ProviderChanges> {
    return guarded(this.#take(signal));
  }

  async #take(signal?: AbortSignal): Promise<ProviderChanges> {
    const messages = await this.#receive(signal);
    const changes = messages.flatMap(({ body }) => this.#changeIn(body));
    const settle = async () => {
      for (let at = 0; at < messages.length; at += RECEIVE_MAX) {
        await this.parts.queue.delete(messages.slice(at, at + RECEIVE_MAX).map(({ handle }) => handle));
      }
    };
    return { changes, settle: () => guarded(settle()) };
  }

  /** Waits for the first message only. A failure after it ends the taking, not what was taken. */
  async #receive(signal?: AbortSignal): Promise<readonly QueuedEvent[]> {
    const options = signal === undefined ? {} : { signal };
    const messages: QueuedEvent[] = [];
    do {
      const waitMs = messages.length === 0 ? EVENTS_WAIT_MS : EVENTS_WAIT_NEXT_MS;
      const more = await this.parts.queue.receive(waitMs, options).catch((error: unknown) => {
        if (messages.length === 0) throw error;
        return [];
      });
      messages.push(...more);
      if (more.length === 0) break;
    } while (messages.length < EVENTS_MAX && messages.length % RECEIVE_MAX === 0);
    return messages;
  }

  #changeIn(body: string): readonly ProviderChange[] {
    const { type, account, change } = parseEvent(body);
    const other = account !== null && this.parts.others.includes(account) ? account : null;
    if (change !== null) return [{ ...change, providerId: qualified(change.providerId, other) }];
    const kind = type ?? 'no event';
    const count = (this.#ignored.get(kind) ?? 0) + 1;
    this.#ignored.set(kind, count);
    if (Math.log10(count) % 1 === 0)
      this.parts.log.info('the events queue carries messages that mean nothing here', { kind, count });
    return [];
  }
}
