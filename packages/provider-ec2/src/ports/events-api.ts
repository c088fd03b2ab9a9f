import type { Ec2CallOptions } from './ec2-api.js';

/** A message of the queue that EventBridge fills. */
export interface QueuedEvent {
  readonly body: string;
  /** Names this delivery of it; a later delivery has another. */
  readonly handle: string;
}

export interface ReceiveOptions extends Ec2CallOptions {
  readonly hideMs?: number;
}

/**
 * The narrow port to the events queue (Amazon SQS), as `Ec2Api` is to EC2: one request per call, never repeated, failures as
 * `Ec2Error`. At least once, in any order: a message that is not deleted comes again after the queue's visibility timeout.
 */
export interface EventsApi {
  /** Up to {@link RECEIVE_MAX} messages; waits for the first up to `waitMs`. Others see them again after `hideMs`, by default as the queue says. */
  receive(waitMs: number, options?: ReceiveOptions): Promise<readonly QueuedEvent[]>;
  /** For good; at most {@link RECEIVE_MAX}. Unknown handles are no error. */
  delete(handles: readonly string[], options?: Ec2CallOptions): Promise<void>;
  close?(): void;
}

/** Most messages of one request ("ReceiveMessage", "DeleteMessageBatch", Amazon SQS API reference). */
export const RECEIVE_MAX = 10;
