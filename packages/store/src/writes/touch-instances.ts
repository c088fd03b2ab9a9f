import { isLive } from '../plan-by-key.js';
import type { Statement } from '../sql-statement.js';
import type { Unit } from '../unit.js';
import type { Write } from '../write.js';

const TEXT = `update instances i set updated_at = timezone('utc', now()) where i.uuid = any($1::text[]) and ${isLive('i')}`;

/** Kinds that say something of an instance in another table than its own. */
const BESIDE = ['set-network-info', 'set-flavors', 'set-metadata', 'delete-metadata', 'set-system-metadata'] as const;

/**
 * Who asks what changed looks at the instance's row alone, so its `updated_at` moves with what is kept beside it. Rows that
 * the units write anyway are left out: a build and a verb pay nothing. Run first, since rows of instances are locked before
 * those of their children.
 */
export function touchInstances(units: readonly Unit[]): readonly Statement[] {
  const writes = units.flatMap((unit) => unit.writes);
  const touched = new Set(writes.flatMap((write) => (isBeside(write) ? [write.uuid] : [])));
  for (const write of writes) if (movesItself(write)) touched.delete(write.uuid);
  if (touched.size === 0) return [];
  return [{ name: 'touch-instances', text: TEXT, values: [[...touched].sort()] }];
}

function isBeside(write: Write): write is Extract<Write, { readonly write: (typeof BESIDE)[number] }> {
  return (BESIDE as readonly string[]).includes(write.write);
}

function movesItself(write: Write): write is Extract<Write, { readonly write: 'patch-instance' | 'delete-instance' }> {
  if (write.write === 'patch-instance') return Object.values(write.set).some((value) => value !== undefined);
  return write.write === 'delete-instance';
}
