import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BedSettings } from './config.js';
import { runCommand } from './run-command.js';
import { BedUnavailable } from './unavailable.js';

/**
 * A Python 2.7 that runs and has pip: the environment's PYTHON27, one on the path, else one of pyenv's.
 * Names are tried by running them: pyenv leaves a `python2.7` on the path that only prints where to look.
 * @throws BedUnavailable when there is none.
 */
export async function findPython27(settings: BedSettings): Promise<string> {
  for (const candidate of [...settings.pythons, ...(await pyenvPythons(settings.pyenvRoot))]) {
    if (await isPython27(candidate)) return candidate;
  }
  throw new BedUnavailable('no Python 2.7 with pip; nova of these releases needs one: set PYTHON27, or `pyenv install 2.7.18`');
}

async function pyenvPythons(root: string): Promise<string[]> {
  const versions = await readdir(join(root, 'versions')).catch(() => []);
  return versions
    .filter((version) => version.startsWith('2.7'))
    .map((version) => join(root, 'versions', version, 'bin', 'python2.7'));
}

async function isPython27(candidate: string): Promise<boolean> {
  const answer = await runCommand(candidate, ['-c', 'import pip, sys; print(sys.version_info[:2])'], { timeoutMs: 20_000 });
  return answer.status === 0 && answer.output.includes('(2, 7)');
}
