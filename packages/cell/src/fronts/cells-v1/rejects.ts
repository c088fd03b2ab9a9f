import type { Store, Write } from '@burstcell/store';
import type { Log } from '../../log.js';
import type { IntakeCounts } from '../../metrics.js';
import type { Patience } from './patience.js';
import { redacted } from './redact.js';

/** A message that was refused, and why. */
export interface Rejected {
  readonly reason: string;
  readonly detail: string;
  readonly routingKey: string;
  readonly body: Buffer;
  readonly method?: string;
  readonly messageUuid?: string;
}

interface RejectsParts {
  readonly store: Pick<Store, 'commit'>;
  readonly counts: IntakeCounts;
  readonly patience: Patience;
  readonly log: Log;
}

/** Messages that were refused: counted, logged, and kept without their secrets for an operator to look at. */
export class Rejects {
  constructor(private readonly parts: RejectsParts) {}

  /** Never rejects: a row that cannot be kept must not keep the message from being acked. */
  async keep(bad: Rejected): Promise<void> {
    const { store, counts, patience, log } = this.parts;
    counts.rejected(bad.reason);
    log.warn({ reason: bad.reason, detail: bad.detail, bytes: bad.body.length, method: bad.method }, 'message rejected');
    try {
      await patience.insist(async () => {
        await store.commit({ writes: [rejectWrite(bad)] });
      });
    } catch (error) {
      log.error({ err: error, reason: bad.reason }, 'a rejected message could not be kept');
    }
  }
}

function rejectWrite({ reason, detail, method, messageUuid, routingKey, body }: Rejected): Write {
  return {
    write: 'reject',
    reason,
    detail,
    method: method ?? null,
    messageUuid: messageUuid ?? null,
    routingKey,
    body: redacted(body),
    bodyBytes: body.length,
  };
}
