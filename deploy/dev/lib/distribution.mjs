import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { SetupError } from './say.mjs';

/** Debian's services ask this program whether they may start (invoke-rc.d(8)); 101 means no. */
const START_POLICY = '/usr/sbin/policy-rc.d';

/** Why packages cannot be installed here; undefined when they can. */
export function whyNoPackages() {
  if (!existsSync('/etc/debian_version')) return 'this is neither Debian nor Ubuntu';
  if (process.getuid?.() !== 0) return 'installing packages needs root';
  return undefined;
}

/** Installs Debian packages without starting what they bring: we start our own instance of it. */
export function installPackages(names) {
  const mustForbidStart = !existsSync(START_POLICY);
  if (mustForbidStart) forbidStart();
  try {
    aptGet(['update']);
    aptGet(['install', '--yes', '--no-install-recommends', ...names]);
  } catch (error) {
    throw new SetupError(
      `apt-get could not install ${names.join(' ')}: ${lastLine(error)}`,
      `Run 'apt-get install ${names.join(' ')}' to see why.`,
    );
  } finally {
    if (mustForbidStart) rmSync(START_POLICY, { force: true });
  }
}

function forbidStart() {
  writeFileSync(START_POLICY, '#!/bin/sh\nexit 101\n');
  chmodSync(START_POLICY, 0o755);
}

function aptGet(args) {
  execFileSync('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=300', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  });
}

function lastLine(error) {
  return String(error.stderr || error.message)
    .trim()
    .split('\n')
    .at(-1);
}
