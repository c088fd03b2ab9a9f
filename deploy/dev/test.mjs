#!/usr/bin/env node
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openRun, repoFolder } from './lib/place.mjs';
import { catchInterrupts, runTask } from './lib/run-task.mjs';
import { say, sayFailure } from './lib/say.mjs';
import { bringUp } from './lib/services.mjs';
import { setUp } from './lib/set-up.mjs';

/** Checks that need no services. Each counts as one test of the closing line, and none hides the next one's findings. */
const CHECKS = [
  { name: 'lint', args: ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'] },
  { name: 'generated reference', args: ['packages/cell/dist/src/cli/docs/docs.js', '--check'] },
];

/** Everything `npm test` stands for. Arguments go to jest, which then runs only what they name. */
async function main(args) {
  const interrupts = catchInterrupts();
  const work = await setUp();
  const failed = CHECKS.filter(({ name, args: command }) => !passes(name, command)).map(({ name }) => name);
  const run = openRun(work, 'test');
  try {
    const services = await bringUp(run);
    try {
      const env = { ...process.env, ...services.env, BURSTCELL_WORK: work };
      const jest = await runJest(args, { run, interrupts, env });
      dropTemplates(env);
      return {
        passed: jest.passed + CHECKS.length - failed.length,
        failed: jest.failed + failed.length,
        skipped: jest.skipped,
        broken: failed,
      };
    } finally {
      await services.stop();
    }
  } finally {
    run.close();
  }
}

function passes(name, args) {
  const { status } = spawnSync(process.execPath, args, { cwd: repoFolder, stdio: ['ignore', 2, 2] });
  say(`${name}: ${status === 0 ? 'ok' : 'FAILED'}`);
  return status === 0;
}

async function runJest(args, { run, interrupts, env }) {
  const results = join(run.folder, 'jest.json');
  const nodeOptions = [process.env.NODE_OPTIONS, '--experimental-vm-modules', '--no-warnings=ExperimentalWarning']
    .filter(Boolean)
    .join(' ');
  const command = ['node_modules/jest/bin/jest.js', '--json', `--outputFile=${results}`, ...args];
  const code = await runTask(process.execPath, command, {
    env: { ...env, NODE_OPTIONS: nodeOptions },
    cwd: repoFolder,
    run,
    interrupts,
  });
  return countOf(results, code);
}

/** The databases that tests clone from are kept while tests run; on a server that is not ours they must not stay. */
function dropTemplates(env) {
  const drop = "import('./packages/store/dist/src/testing.js').then((testing) => testing.dropTestTemplates())";
  const { status } = spawnSync(process.execPath, ['--input-type=module', '--eval', drop], {
    cwd: repoFolder,
    env,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) say('the databases that tests are cloned from could not be removed');
}

/** A suite that could not even be loaded has no failed test, and still failed. */
function countOf(path, code) {
  try {
    const counts = JSON.parse(readFileSync(path, 'utf8'));
    const failed = counts.numFailedTests + counts.numRuntimeErrorTestSuites;
    return {
      passed: counts.numPassedTests,
      failed: Math.max(failed, code === 0 ? 0 : 1),
      skipped: counts.numPendingTests + counts.numTodoTests,
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

let outcome = { passed: 0, failed: 1, skipped: 0, broken: [] };
try {
  outcome = await main(process.argv.slice(2));
} catch (error) {
  sayFailure(error);
}
if (outcome.broken.length > 0) say(`failed besides the tests: ${outcome.broken.join(', ')}`);
process.stdout.write(`${outcome.passed} passed, ${outcome.failed} failed, ${outcome.skipped} skipped\n`);
process.exit(outcome.failed === 0 ? 0 : 1);
