import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RUN_TIMEOUT_MS } from './limits.js';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const repository = fileURLToPath(new URL('../../../../../', import.meta.url));
const INTERRUPTS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs {@link ./conformance.ts} in a process of its own: interrupted or hanging, it is ended and this process can still sweep. */
export async function runJest(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), 'burstcell-aws-'));
  const results = join(folder, 'jest.json');
  const jest = join(repository, 'node_modules/jest/bin/jest.js');
  const ours = ['--runInBand', '--testMatch', '**/dist/test/aws/conformance.js', '--json', `--outputFile=${results}`];
  const flags = ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning'];
  const child = spawn(process.execPath, [...flags, jest, ...ours, ...args], {
    cwd: repository,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const pass = (signal: NodeJS.Signals) => child.kill(signal);
  for (const signal of INTERRUPTS) process.on(signal, pass);
  const limit = setTimeout(() => child.kill('SIGTERM'), RUN_TIMEOUT_MS);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(limit);
  const counts = countsIn(results, code);
  rmSync(folder, { recursive: true, force: true });
  return counts;
}

interface Results {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly numPendingTests: number;
}

/** A suite that could not be loaded, or was ended, has no failed test and still failed. */
function countsIn(path: string, code: number | null): Counts {
  try {
    const counts = JSON.parse(readFileSync(path, 'utf8')) as Results;
    const failed = counts.numFailedTests + counts.numRuntimeErrorTestSuites;
    return { passed: counts.numPassedTests, failed: Math.max(failed, code === 0 ? 0 : 1), skipped: counts.numPendingTests };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}
