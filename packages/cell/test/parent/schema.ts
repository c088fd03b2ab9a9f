import { join } from 'node:path';
import type { ParentBed } from './bed.js';
import { withLock } from './lock.js';
import { INSTALL_LOCK_MS, MIGRATE_MS } from './timings.js';

/** Makes nova's tables in the parent's two databases. Its migrations run once for a release; later beds load what they made. */
export async function fillDatabases(bed: ParentBed, confFile: string): Promise<void> {
  if ((await loadSchema(bed, bed.apiDatabase, 'api')) && (await loadSchema(bed, bed.mainDatabase, 'main'))) return;

  bed.options.say(`running the database migrations of ${bed.release} (once)`);
  await withLock(`migrate ${bed.release} ${bed.settings.workFolder}`, INSTALL_LOCK_MS, async () => {
    await bed.manage(confFile, ['api_db', 'sync'], MIGRATE_MS);
    await bed.manage(confFile, ['db', 'sync', '--local_cell'], MIGRATE_MS);
    // The API database last: it is the one that says both are there.
    const kept = await bed.databases.dump(bed.mainDatabase, schemaFile(bed, 'main'));
    if (kept) await bed.databases.dump(bed.apiDatabase, schemaFile(bed, 'api'));
  });
}

/** Fills an empty database with what nova's migrations made for this release; false before they have run once. */
export function loadSchema(bed: ParentBed, database: string, kind: 'main' | 'api'): Promise<boolean> {
  return bed.databases.load(database, schemaFile(bed, kind));
}

function schemaFile(bed: ParentBed, kind: 'main' | 'api'): string {
  return join(bed.settings.workFolder, `schema-${bed.release}-${kind}.sql`);
}
