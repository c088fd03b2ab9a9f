import type { Channel, Message } from 'amqplib';

/**
 * Gathers the acknowledgements of one channel: those in an unbroken row from the oldest delivery on leave as one
 * frame at the end of the turn, the others one by one. Belongs to the channel: with it, it becomes silent.
 */
export class AckBatch {
  /** Delivered and not yet acknowledged, in order; true once settled. */
  readonly #tags = new Map<number, boolean>();
  #scheduled = false;

  constructor(private readonly channel: Channel) {}

  delivered(tag: number): void {
    this.#tags.set(tag, false);
  }

  ack(tag: number): void {
    if (this.#tags.get(tag) !== false) return;
    this.#tags.set(tag, true);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.flush());
  }

  requeue(tag: number): void {
    if (this.#tags.get(tag) !== false) return;
    this.#tags.delete(tag);
    this.#send(() => this.channel.nack(messageWith(tag), false, true));
  }

  flush(): void {
    this.#scheduled = false;
    const row = this.#takeRow();
    if (row !== null) this.#send(() => this.channel.ack(messageWith(row), true));
    for (const [tag, settled] of this.#tags) {
      if (!settled) continue;
      this.#tags.delete(tag);
      this.#send(() => this.channel.ack(messageWith(tag)));
    }
  }

  /** Takes the settled tags at the front; the last of them acknowledges them all. */
  #takeRow(): number | null {
    let last: number | null = null;
    for (const [tag, settled] of this.#tags) {
      if (!settled) break;
      this.#tags.delete(tag);
      last = tag;
    }
    return last;
  }

  /** The channel may have died since the delivery: then the broker delivers again, and there is nothing to settle. */
  #send(settle: () => void): void {
    try {
      settle();
    } catch {
      this.#tags.clear();
    }
  }
}

/** amqplib settles messages, of which it reads only the tag. */
function messageWith(tag: number): Message {
  return { fields: { deliveryTag: tag } } as Message;
}
