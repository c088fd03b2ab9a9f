import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { SetupError, say } from './say.mjs';

/** Compiles every package and removes what earlier sources left behind: a deleted test must not run on. */
export function build(repo) {
  for (const folder of packageFolders(repo)) tidyOutput(folder);
  const startedMs = Date.now();
  const { status } = spawnSync(process.execPath, [join(repo, 'node_modules/typescript/bin/tsc'), '-b'], {
    cwd: repo,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) throw new SetupError('the build failed', 'The lines above say where.');
  say(`built in ${((Date.now() - startedMs) / 1000).toFixed(1)} s`);
}

function packageFolders(repo) {
  const base = join(repo, 'packages');
  return readdirSync(base)
    .map((name) => join(base, name))
    .filter((folder) => existsSync(join(folder, 'tsconfig.json')));
}

/**
 * Removes compiled files without a source. When a source is without its compiled file, the
 * compiler's memory goes too: it would believe that the file is still there.
 */
export function tidyOutput(folder) {
  const dist = join(folder, 'dist');
  const sources = ['src', 'test'].flatMap((part) => filesBelow(join(folder, part))).filter((path) => /(?<!\.d)\.ts$/.test(path));
  const stems = new Set(sources.map((path) => relative(folder, path).replace(/\.ts$/, '')));
  for (const path of ['src', 'test'].flatMap((part) => filesBelow(join(dist, part)))) {
    const stem = stemOf(relative(dist, path));
    if (stem !== undefined && !stems.has(stem)) rmSync(path);
  }
  const isIncomplete = [...stems].some((stem) => !existsSync(join(dist, `${stem}.js`)));
  if (isIncomplete) rmSync(join(dist, '.tsbuildinfo'), { force: true });
}

function stemOf(path) {
  return /^(.*?)(?:\.d\.ts|\.js)(?:\.map)?$/.exec(path)?.[1];
}

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
