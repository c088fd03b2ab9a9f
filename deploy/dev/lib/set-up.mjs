import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { withLock } from './lock.mjs';
import { checkNode, ensurePackages } from './packages.mjs';
import { repoFolder, sweepDeadRuns, workFolder } from './place.mjs';

/** Makes the repository ready to run: work folder, npm packages, compiled code. Answers the work folder. */
export async function setUp({ compile = true } = {}) {
  checkNode();
  const work = workFolder();
  mkdirSync(work, { recursive: true });
  await sweepDeadRuns(work);
  // The lock is the repository's: runs with different work folders share node_modules and dist.
  await withLock(join(repoFolder, '.work', 'setup.lock'), () => {
    ensurePackages(repoFolder);
    if (compile) build(repoFolder);
  });
  return work;
}
