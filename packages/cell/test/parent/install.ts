import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BedSettings, packageRoot } from './config.js';
import { withLock } from './lock.js';
import { findPython27 } from './python27.js';
import type { Release } from './releases.js';
import { runCommand } from './run-command.js';
import { INSTALL_LOCK_MS } from './timings.js';
import { BedUnavailable } from './unavailable.js';

/** A release's nova in a virtual environment of its own. */
export interface Installation {
  release: Release;
  /** The path of one of its commands: `nova-api`, `nova-manage`, `nova` … */
  command(name: string): string;
}

type Say = (line: string) => void;

/** The last virtualenv that makes environments for Python 2.7, and the last of its build tools. */
const VIRTUALENV = 'virtualenv==20.15.1';
const BUILD_TOOLS = ['setuptools==44.1.1', 'wheel==0.37.1'];

/** What the requirements that have no wheel are compiled with, as Debian and Ubuntu name it. */
const BUILD_PACKAGES = ['gcc', 'libffi-dev', 'libssl-dev', 'libpq-dev', 'libxml2-dev', 'libxslt1-dev'];

/** How pip says that it could not fetch something. */
const INDEX_OUT_OF_REACH =
  /NewConnectionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError|Max retries exceeded|No matching distribution found/;

/** A package index that cannot be reached should be known within a minute; pip's own patience is several. */
const PIP_PATIENCE = ['--retries', '2', '--timeout', '30'];

/**
 * Installs nova, its CLI and all they need from the package index, pinned, below the work folder. Repeat-safe: an
 * installation that is complete for the same pins is used as it is, one that was broken off is gone on with. Two at
 * once: the second waits.
 * @throws BedUnavailable when Python 2.7 or the package index is out of reach; Error naming the log when the build fails.
 */
export async function installParent(release: Release, settings: BedSettings, say: Say): Promise<Installation> {
  const venv = join(settings.workFolder, `venv-${release}`);
  const installation: Installation = { release, command: (name) => join(venv, 'bin', name) };
  if (await isComplete(venv, release)) return installation;

  await mkdir(settings.workFolder, { recursive: true });
  return withLock(
    `install ${settings.workFolder}`,
    INSTALL_LOCK_MS,
    async () => {
      if (!(await isComplete(venv, release))) await install(venv, release, settings, say);
      return installation;
    },
    () => say('another process installs; waiting for it'),
  );
}

async function install(venv: string, release: Release, settings: BedSettings, say: Say): Promise<void> {
  const began = Date.now();
  const python27 = await findPython27(settings);
  say(`installing nova of ${release} into ${venv} (some minutes the first time)`);
  const log = join(settings.workFolder, `install-${release}.log`);

  await installBuildPackages(say);
  const tool = join(settings.workFolder, 'virtualenv27');
  if (!existsSync(join(tool, 'virtualenv'))) {
    await pip(python27, ['install', ...PIP_PATIENCE, '--target', tool, VIRTUALENV], log);
  }
  if (!existsSync(join(venv, 'bin', 'python'))) await makeVenv(python27, tool, venv, log);
  const python = join(venv, 'bin', 'python');
  await pip(python, ['install', ...BUILD_TOOLS], log);
  say(`fetching and building ${(await pins(release)).split('==').length - 1} packages; ${log} follows it`);
  await pip(python, ['install', '--no-deps', '-r', requirementsFile(release)], log);
  await writeFile(join(venv, 'complete'), await fingerprint(release));
  say(`nova of ${release} is installed after ${Math.round((Date.now() - began) / 1000)} s`);
}

async function makeVenv(python27: string, tool: string, venv: string, log: string): Promise<void> {
  const args = ['-m', 'virtualenv', '--quiet', '--no-download', '--no-setuptools', '--no-wheel', venv];
  const made = await runCommand(python27, args, { env: { PYTHONPATH: tool }, logFile: log });
  if (made.status !== 0) throw new Error(`virtualenv failed: ${lastLine(made.output)} (all of it in ${log})`);
}

async function pip(python: string, args: string[], log: string): Promise<void> {
  const answer = await runCommand(python, ['-m', 'pip', '--disable-pip-version-check', ...args], { logFile: log });
  if (answer.status === 0) return;
  const why = `pip ${args[0]} failed: ${lastLine(answer.output)} (all of it in ${log})`;
  // What cannot be fetched is this machine's lot; what cannot be built is a fault to be seen.
  throw INDEX_OUT_OF_REACH.test(answer.output) ? new BedUnavailable(`the package index is out of reach: ${why}`) : new Error(why);
}

/** Without root, or elsewhere than on Debian, the build is tried with what there is. */
async function installBuildPackages(say: Say): Promise<void> {
  const missing: string[] = [];
  for (const name of BUILD_PACKAGES) {
    const status = await runCommand('dpkg', ['-s', name]);
    if (status.status === 127) return;
    if (status.status !== 0) missing.push(name);
  }
  if (missing.length === 0 || process.getuid?.() !== 0) return;

  say(`installing ${missing.join(' ')} from the distribution`);
  const wait = ['-qq', '-y', '-o', 'DPkg::Lock::Timeout=600'];
  await runCommand('apt-get', [...wait, 'update']);
  const answer = await runCommand('apt-get', [...wait, 'install', '--no-install-recommends', ...missing]);
  if (answer.status !== 0) say(`apt-get failed (${lastLine(answer.output)}); going on with what there is`);
}

async function isComplete(venv: string, release: Release): Promise<boolean> {
  const mark = await readFile(join(venv, 'complete'), 'utf8').catch(() => undefined);
  return mark === (await fingerprint(release));
}

async function fingerprint(release: Release): Promise<string> {
  return createHash('sha256')
    .update(await pins(release))
    .digest('hex');
}

function pins(release: Release): Promise<string> {
  return readFile(requirementsFile(release), 'utf8');
}

function requirementsFile(release: Release): string {
  return join(packageRoot(), 'test', 'parent', 'python', `requirements-${release}.txt`);
}

function lastLine(output: string): string {
  const lines = output
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('WARNING'));
  return lines.findLast((line) => line.startsWith('ERROR')) ?? lines.at(-1) ?? 'no output';
}
