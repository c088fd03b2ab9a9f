import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { MOTO_INSTALL_MS } from './timings.js';

/** moto cannot be had on this machine; the message says why. Suites that need it are skipped by name with it. */
export class MotoUnavailable extends Error {
  override readonly name = 'MotoUnavailable';
}

export interface MotoInstallOptions {
  /** Where the virtual environment goes; it is kept and found again. */
  readonly workDir: string;
  /** Told what happens, a line at a time. */
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** Files that stand beside the sources and are not compiled; this module runs from dist/src/fake. */
const BESIDE = new URL('../../../src/fake/', import.meta.url).pathname;
const REQUIREMENTS = join(BESIDE, 'moto-requirements.txt');
const MARKER = 'burstcell-installed';

/** The script that runs moto in the environment that {@link installMoto} made. */
export const MOTO_SERVE_SCRIPT = join(BESIDE, 'moto-serve.py');

/**
 * Installs the pinned moto into a virtual environment, once per work folder and set of
 * pins, and gives the environment's python. Repeat-safe, also in two processes at once;
 * an installation that was broken off is begun anew. Throws {@link MotoUnavailable}.
 */
export async function installMoto({ workDir, onProgress = () => {}, signal }: MotoInstallOptions): Promise<string> {
  const pins = createHash('sha256').update(readFileSync(REQUIREMENTS, 'utf8')).digest('hex').slice(0, 8);
  const environment = join(workDir, `moto-${pins}`);
  if (!existsSync(join(environment, MARKER))) await runInstaller(environment, { onProgress, signal });
  return join(environment, 'bin', 'python');
}

interface InstallerOptions {
  readonly onProgress: (line: string) => void;
  readonly signal: AbortSignal | undefined;
}

async function runInstaller(environment: string, { onProgress, signal }: InstallerOptions): Promise<void> {
  signal?.throwIfAborted();
  const deadline = AbortSignal.timeout(MOTO_INSTALL_MS);
  const child = spawn('python3', [join(BESIDE, 'moto-install.py'), environment, REQUIREMENTS], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const stop = () => endGroup(child);
  for (const end of [deadline, signal]) end?.addEventListener('abort', stop, { once: true });

  let reason = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    reason = (reason + text).slice(-2_000);
  });
  createInterface(child.stdout).on('line', onProgress);
  try {
    const [code] = await once(child, 'close');
    signal?.throwIfAborted();
    if (deadline.aborted) throw new MotoUnavailable(`moto's installation did not end within ${MOTO_INSTALL_MS / 60_000} minutes`);
    if (code !== 0) throw new MotoUnavailable(`moto could not be installed: ${reason.trim()}`);
  } catch (error) {
    throw isMissing(error) ? new MotoUnavailable('moto needs python3, which is not installed', { cause: error }) : error;
  } finally {
    for (const end of [deadline, signal]) end?.removeEventListener('abort', stop);
  }
}

/** pip is a child of the installer: both go. */
function endGroup({ pid }: ChildProcess): void {
  if (pid !== undefined) process.kill(-pid, 'SIGTERM');
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
