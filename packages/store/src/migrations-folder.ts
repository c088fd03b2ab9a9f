import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FIRST = join('migrations', '0001_instances.sql');

/** The folder of SQL files: in this package once it is installed, beside `packages/` in the repository. */
export function migrationsFolder(): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, FIRST))) return join(folder, 'migrations');
    if (folder === dirname(folder)) throw new Error(`no migrations folder above ${start}: the installation is not complete`);
  }
}
