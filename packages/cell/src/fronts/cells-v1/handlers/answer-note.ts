import type { JsonObject } from '@burstcell/store';
import type { InterCellMessage } from '@burstcell/wire';

/** Keys of a context that are of no use to an answer and must not lie in a table. */
const NOT_KEPT: ReadonlySet<string> = new Set(['auth_token', 'service_catalog']);

/** What must be kept of an arrived request so that any replica can answer it later. */
export function answerNote(message: InterCellMessage): JsonObject {
  const ctxt = Object.fromEntries(Object.entries(message.ctxt).filter(([key]) => !NOT_KEPT.has(key)));
  return { ...message, ctxt: { ...ctxt, auth_token: null, service_catalog: [] }, methodKwargs: {} } as unknown as JsonObject;
}

export function requestFromNote(note: JsonObject): InterCellMessage {
  return note as unknown as InterCellMessage;
}
