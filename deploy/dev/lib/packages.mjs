import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError, say } from './say.mjs';

const OLDEST_NODE = [20, 19];

/** Refuses a Node that the dependencies do not run on, before it fails in some obscure way. */
export function checkNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  const isNewEnough = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  if (!isNewEnough) throw new SetupError(`Node ${version} is too old`, `Install Node ${OLDEST_NODE.join('.')} or newer.`);
}

/** Runs `npm ci` when what is installed is not what the lock file says; otherwise does nothing. */
export function ensurePackages(repo) {
  const missing = whatIsMissing(repo);
  if (missing === undefined) return;
  say(`installing npm packages (${missing})`);
  try {
    execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: repo, stdio: ['ignore', 2, 2] });
  } catch {
    throw new SetupError('npm ci failed', `Run 'npm ci' in ${repo} to see why: the npm registry must be reachable.`);
  }
}

/**
 * Compares the lock file with the copy npm keeps of what it installed. Times would not do: a
 * checkout touches the lock file, and `npm ci` under a running demo would take its modules away.
 */
export function whatIsMissing(repo) {
  const wanted = readLock(join(repo, 'package-lock.json'));
  if (wanted === undefined) throw new SetupError('package-lock.json cannot be read', 'Check the repository out anew.');
  const installed = readLock(join(repo, 'node_modules', '.package-lock.json'));
  if (installed === undefined) return 'node_modules is missing';
  const differing = Object.entries(wanted).find(
    ([path, entry]) => isNeeded(path, entry) && installed[path]?.version !== entry.version,
  );
  return differing && `${differing[0].replace('node_modules/', '')} is not as locked`;
}

function isNeeded(path, entry) {
  return path.startsWith('node_modules/') && !entry.optional && !entry.link && !entry.peer;
}

function readLock(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch {
    return undefined;
  }
}
