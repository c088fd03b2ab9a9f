import type { Dialect } from './dialect.js';
import { dialectOf } from './index.js';
import { RELEASES, type Release } from './release.js';

/** What messages give away about the parent's release; nothing in them names it. */
export interface ReleaseHints {
  readonly envelope?: boolean;
  readonly namespaceKey?: boolean;
  readonly contextKeys?: readonly string[];
  /** `nova_object.version` of an Instance that came down. */
  readonly instanceVersion?: string;
}

export interface DetectedRelease {
  /** Releases that fit everything seen, oldest first; one when it is certain, none when the sender is no cell we know. */
  readonly candidates: readonly Release[];
  /** What was seen, for the log. */
  readonly seen: string;
}

/** Context keys by whose presence releases differ (nova/context.py and the oslo.context of each). */
const TELLING_KEYS = [
  'user_identity',
  'is_admin_project',
  'global_request_id',
  'project',
  'system_scope',
  'instance_lock_checked',
];

export function detectRelease(hints: ReleaseHints): DetectedRelease {
  return { candidates: RELEASES.filter((release) => fits(dialectOf(release), hints)), seen: describe(hints) };
}

/** Liberty to Mitaka and Newton to Ocata differ in the Instance version only, or not at all. */
function fits(dialect: Dialect, { envelope, namespaceKey, contextKeys, instanceVersion }: ReleaseHints): boolean {
  if (envelope !== undefined && envelope !== (dialect.envelope === '2.0')) return false;
  if (namespaceKey !== undefined && namespaceKey !== dialect.namespaceNull) return false;
  if (instanceVersion !== undefined && instanceVersion !== dialect.instanceVersion) return false;
  if (contextKeys === undefined) return true;
  return TELLING_KEYS.every((key) => contextKeys.includes(key) === dialect.contextKeys.includes(key));
}

function describe(hints: ReleaseHints): string {
  const seen: string[] = [];
  if (hints.envelope !== undefined) seen.push(hints.envelope ? 'an envelope' : 'no envelope');
  if (hints.namespaceKey !== undefined) seen.push(hints.namespaceKey ? 'a namespace key' : 'no namespace key');
  if (hints.instanceVersion !== undefined) seen.push(`Instance ${hints.instanceVersion}`);
  const telling = hints.contextKeys?.filter((key) => TELLING_KEYS.includes(key));
  if (telling !== undefined) seen.push(`context keys ${telling.join(', ') || '(none that tell)'}`);
  return seen.length === 0 ? 'nothing yet' : seen.join('; ');
}
