import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { providersAsTheyAre } from '../../providers/columns.js';
import { providerOptions } from '../../providers/options.js';
import { referencePages } from './pages.js';

/** `npm run docs` writes the reference; with `--check` it only tells which pages are stale, and exits with 1 when some are. */
const repo = join(dirname(fileURLToPath(import.meta.url)), '../../../../../..');
const isCheck = process.argv.includes('--check');

for (const [path, wanted] of referencePages(providerOptions, await providersAsTheyAre())) {
  const file = join(repo, path);
  if ((await readFile(file, 'utf8').catch(() => '')) === wanted) continue;
  if (isCheck) {
    process.stderr.write(`${path} is stale: run 'npm run docs' and commit it\n`);
    process.exitCode = 1;
    continue;
  }
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, wanted);
  process.stdout.write(`wrote ${path}\n`);
}
