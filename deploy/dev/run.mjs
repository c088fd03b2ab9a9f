#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { openRun, repoFolder } from './lib/place.mjs';
import { catchInterrupts, runTask } from './lib/run-task.mjs';
import { SetupError, say, sayFailure } from './lib/say.mjs';
import { bringUp } from './lib/services.mjs';
import { setUp } from './lib/set-up.mjs';

const CELL = 'packages/cell/dist';
const EC2 = 'packages/provider-ec2/dist';

/** What `npm run …` starts: the compiled program, and whether it needs RabbitMQ and PostgreSQL. */
const TASKS = {
  demo: { program: `${CELL}/test/demo/demo.js`, needsServices: true },
  crash: { program: `${CELL}/test/crash/crash.js`, needsServices: true },
  bench: { program: `${CELL}/test/bench/bench.js`, needsServices: true },
  releases: { program: `${CELL}/test/releases/releases.js`, needsServices: true },
  captured: { program: `${CELL}/test/captured/write-page.js`, needsServices: true },
  fuzz: { program: `${CELL}/test/fuzz/fuzz.js`, needsServices: true },
  failures: { program: `${CELL}/test/failures/failures.js`, needsServices: true },
  'bench-burst': { program: `${CELL}/test/bench/burst.js`, needsServices: true },
  'bench-steady': { program: `${CELL}/test/bench/steady.js`, needsServices: true },
  interop: { program: `${CELL}/test/parent/interop.js`, needsServices: true },
  'demo-nova': { program: `${CELL}/test/parent/demo-nova.js`, needsServices: true },
  aws: { program: `${EC2}/test/aws/aws.js`, needsServices: false },
  docs: { program: `${CELL}/src/cli/docs/docs.js`, needsServices: false },
  exec: { program: undefined, needsServices: true },
};

/** Sets up, runs one task with these services around it, and ends everything it started. Answers the exit code. */
async function main([name, ...args]) {
  const task = TASKS[name];
  if (task === undefined) throw new SetupError(`unknown task '${name ?? ''}'`, `One of: ${Object.keys(TASKS).join(', ')}.`);
  const interrupts = catchInterrupts();
  const work = await setUp({ compile: process.env.BURSTCELL_SKIP_BUILD !== '1' });
  const run = openRun(work, name);
  try {
    const services = task.needsServices ? await bringUp(run) : { env: {}, stop: async () => {} };
    try {
      const env = { ...process.env, ...services.env, BURSTCELL_WORK: work };
      const [command, ...rest] = commandOf(task, args);
      return await runTask(command, rest, { env, cwd: process.cwd(), run, interrupts });
    } finally {
      await services.stop();
    }
  } finally {
    run.close();
    if (task.needsServices) say(`nothing is left running; files are in ${work}`);
  }
}

/** `exec` runs any command; the others are programs of ours. */
function commandOf({ program }, args) {
  if (program === undefined) return args.length > 0 ? args : ['true'];
  const path = join(repoFolder, program);
  if (!existsSync(path))
    throw new SetupError(`${relative(repoFolder, path)} is missing`, 'This build does not contain the task.');
  return [process.execPath, path, ...args];
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  sayFailure(error);
  process.exitCode = 1;
}
// A probe's socket or a lent stream must not hold the process back once everything is done.
process.exit();
