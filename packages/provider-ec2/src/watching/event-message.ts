import type { ProviderChange, ProviderState } from '@burstcell/provider';
import type { Ec2StateName } from '../ports/ec2-api.js';
import { STATES } from './observed.js';

/** What a message means: changes of machines, or nothing, with the kind it is counted under. */
export interface ParsedEvent {
  /** EventBridge's `detail-type`; null where the message is none of its events. */
  readonly type: string | null;
  /** Number of the account that it is about. */
  readonly account: string | null;
  readonly change: ProviderChange | null;
}

interface Event {
  readonly id?: unknown;
  readonly time?: unknown;
  readonly account?: unknown;
  readonly 'detail-type'?: unknown;
  readonly detail?: { readonly 'instance-id'?: unknown; readonly state?: unknown; readonly 'instance-action'?: unknown };
}

type Reader = (event: Event, providerId: string) => ProviderChange | null;

/** How each kind of event is read ("EventBridge events for Amazon EC2"); other kinds mean nothing here. */
const READERS: ReadonlyMap<string, Reader> = new Map([
  ['EC2 Instance State-change Notification', stateChange],
  ['EC2 Spot Instance Interruption Warning', spotWarning],
]);

/** The events that mean something here: what the rule before the queue should let through. */
export const UNDERSTOOD: readonly string[] = [...READERS.keys()];

/** What becomes of a spot server that EC2 takes back, and when ("Spot Instance interruption notices"). */
const SPOT_ENDS: ReadonlyMap<unknown, string> = new Map([
  ['terminate', 'it is deleted two minutes after'],
  ['stop', 'it is stopped two minutes after'],
  ['hibernate', 'its hibernation has begun at'],
]);

const INSTANCE_ID = /^i-[0-9a-f]{8,17}$/;
const EVENT_ID = /^[\w-]{1,64}$/;

/** Reads one message of the queue. Never throws: it comes from outside, and what is not understood must not come again. */
export function parseEvent(body: string): ParsedEvent {
  const event = eventIn(body);
  const type = event?.['detail-type'];
  if (event === null || typeof type !== 'string') return { type: null, account: null, change: null };
  const account = typeof event.account === 'string' ? event.account : null;
  const providerId = event.detail?.['instance-id'];
  if (typeof providerId !== 'string' || !INSTANCE_ID.test(providerId)) return { type, account, change: null };
  return { type, account, change: READERS.get(type)?.(event, providerId) ?? null };
}

function eventIn(body: string): Event | null {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : null;
  } catch {
    return null;
  }
}

function stateChange({ detail }: Event, providerId: string): ProviderChange | null {
  return { providerId, state: stateOf(detail?.state), notice: null };
}

/** Null for a state that AWS has added since: reason enough to look. */
function stateOf(state: unknown): ProviderState | null {
  return typeof state === 'string' && Object.hasOwn(STATES, state) ? STATES[state as Ec2StateName] : null;
}

/** The warning may have waited for us: so the time that counts is told. */
function spotWarning({ id, time, detail }: Event, providerId: string): ProviderChange | null {
  if (typeof id !== 'string' || !EVENT_ID.test(id)) return null;
  const end = SPOT_ENDS.get(detail?.['instance-action']) ?? 'it ends about two minutes after';
  const at = typeof time === 'string' && !Number.isNaN(Date.parse(time)) ? new Date(time).toISOString() : 'this';
  return { providerId, state: null, notice: { id, text: `EC2 takes this spot server back: ${end} ${at}.` } };
}
