import type { Json, JsonObject } from '../json.js';

/** What an `instance_update_at_top` asks the parent to write, whichever form it came in. */
export interface InstanceChange {
  readonly uuid: string;
  /** Columns to write, already without the names that the top drops. */
  readonly columns: JsonObject;
  readonly networkInfo: Json[] | null;
  readonly systemMetadata: Record<string, string | null> | null;
  readonly flavors: { readonly flavor: JsonObject; readonly old: JsonObject | null; readonly new: JsonObject | null } | null;
  /** The row may be made from it when there is none. */
  readonly creates: boolean;
}

/** `cells/messaging.py` instance_update_at_top: never taken from below. */
export const DROPPED = new Set(['id', 'security_groups', 'volumes', 'cell_name', 'name', 'metadata']);
