import type { Store } from '@burstcell/store';
import type { Log } from '../../log.js';

/** Under this reason a finding stands among the rejected messages: where an operator looks, and other processes can. */
const REASON = 'wrong-release';
/** Rejected messages that are gone through for one: it is written at each start of a process that has cause to. */
const LOOKED_AT = 500;

/** Keeps that the parent does not look like the configured release. Never rejects. */
export async function keepFinding(store: Pick<Store, 'commit'>, detail: string, log: Log): Promise<void> {
  const note = { write: 'reject', reason: REASON, detail, method: null, messageUuid: null, routingKey: '', body: '' } as const;
  try {
    await store.commit({ writes: [{ ...note, bodyBytes: 0 }] });
  } catch (error) {
    log.warn({ err: error }, 'what was found about the parent could not be kept');
  }
}

/** The last finding since the given time; null when there is none. */
export async function releaseFinding(
  store: Pick<Store, 'rejected'>,
  since: Date,
): Promise<{ readonly at: Date; readonly detail: string } | null> {
  const rejected = await store.rejected.list(LOOKED_AT);
  const found = rejected.find(({ reason, at }) => reason === REASON && at >= since);
  return found === undefined ? null : { at: found.at, detail: found.detail };
}
