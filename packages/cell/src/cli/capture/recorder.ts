import type { Delivery } from '@burstcell/wire';
import type { RecordedBroker, RecordedMessage } from './recording.js';
import { redact } from './redaction.js';

type Seen = { readonly [name in 'contentType' | 'contentEncoding' | 'deliveryMode']: unknown };

/** Makes lines of a recording out of what is heard. */
export class Recorder {
  /** By the cell at whose broker it was heard. */
  readonly counts = new Map<string, number>();
  unreadable = 0;

  constructor(
    private readonly keep: (message: RecordedMessage) => void,
    private readonly startedAt: number,
  ) {}

  get total(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0);
  }

  take({ cell }: RecordedBroker, { body, exchange, routingKey, properties }: Delivery): void {
    const redacted = redact(body);
    this.counts.set(cell, (this.counts.get(cell) ?? 0) + 1);
    if (redacted.body === null) this.unreadable += 1;
    const { contentType, contentEncoding, deliveryMode }: Seen = properties;
    this.keep({
      atMs: Date.now() - this.startedAt,
      broker: cell,
      exchange,
      routingKey,
      properties: {
        ...(typeof contentType === 'string' ? { contentType } : {}),
        ...(typeof contentEncoding === 'string' ? { contentEncoding } : {}),
        ...(typeof deliveryMode === 'number' ? { deliveryMode } : {}),
      },
      ...redacted,
      bytes: body.length,
    });
  }
}
