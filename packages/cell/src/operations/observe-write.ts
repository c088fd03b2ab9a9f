import { randomUUID } from 'node:crypto';
import type { Write } from '@burstcell/store';
import { originToJson, ownOrigin } from '../intent.js';
import { OBSERVE_DEADLINE_MS } from '../timings.js';

/** An operation that brings the row to what the machine's row says (see `observe.ts`). */
export function observeWrite({ now }: { readonly now: () => Date }, uuid: string): Write {
  const cause = randomUUID();
  return {
    write: 'enqueue-operation',
    instanceUuid: uuid,
    verb: 'observe',
    parameters: {},
    cause,
    origin: originToJson(ownOrigin(`req-${cause}`)),
    deadline: new Date(now().getTime() + OBSERVE_DEADLINE_MS),
  };
}
