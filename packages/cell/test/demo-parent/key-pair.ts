import { primitive } from './flavors.js';
import type { Json, JsonObject } from './json.js';
import { keyPairFields } from './judge/side-rows.js';
import { versionOf } from './objects.js';
import type { ParentDialect } from './releases.js';

/** The parent's answer to `get_keypair_at_top`: a KeyPair of its release, or null. */
export function keyPairObject(row: JsonObject | undefined, dialect: ParentDialect): Json {
  if (!row) return null;
  const known = new Set(keyPairFields(dialect));
  const data = Object.fromEntries(Object.entries(row).filter(([field]) => known.has(field)));
  return primitive('KeyPair', versionOf('KeyPair', dialect.release), data);
}
