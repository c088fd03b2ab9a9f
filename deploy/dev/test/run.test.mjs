import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { repoFolder, sweepDeadRuns } from '../lib/place.mjs';
import { postgres } from '../lib/postgres.mjs';
import { probePostgres } from '../lib/postgres-probe.mjs';
import { processMark, startGroup } from '../lib/process-group.mjs';
import { rabbitmq } from '../lib/rabbitmq.mjs';
import { probeRabbit } from '../lib/rabbitmq-probe.mjs';

const RUN = join(repoFolder, 'deploy/dev/run.mjs');
/** Two cold servers on a busy machine. */
const START_MS = 180_000;

describe('deploy/dev/run.mjs', () => {
  let work;
  beforeEach(() => {
    work = mkdtempSync(join(tmpdir(), 'burstcell-run-'));
  });
  afterEach(() => rmSync(work, { recursive: true, force: true }));

  const start = (args, env) =>
    spawn(process.execPath, [RUN, ...args], {
      env: { ...process.env, BURSTCELL_WORK: work, BURSTCELL_SKIP_BUILD: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });

  const whyNot =
    rabbitmq.findServer() && postgres.findServer() ? undefined : 'no RabbitMQ or PostgreSQL server is installed here';
  const itWithServers = whyNot ? it.skip : it;

  itWithServers(
    `runs a command between private servers and leaves nothing running${whyNot ? ` (skipped: ${whyNot})` : ''}`,
    async () => {
      const print =
        'console.log(process.env.BURSTCELL_AMQP_URL); console.log(process.env.BURSTCELL_PG_URL); process.stdin.resume(); setTimeout(() => {}, 1e6)';
      // What the outer run was given must not be taken for what this one is told to use.
      const run = start(['exec', process.execPath, '-e', print], {
        BURSTCELL_SERVICES: 'private',
        BURSTCELL_AMQP_URL: '',
        BURSTCELL_PG_URL: '',
      });
      const [amqp, pg] = await firstLines(run, 2);

      expect(amqp).not.toMatch(/:5672$/);
      expect(pg).not.toMatch(/:5432$/);
      expect([await probeRabbit(amqp), await probePostgres(pg)]).toEqual([{ ok: true }, { ok: true }]);

      run.kill('SIGINT');
      expect(await exitOf(run)).toBe(130);
      expect([(await probeRabbit(amqp)).ok, (await probePostgres(pg)).ok]).toEqual([false, false]);
      expect(readdirSync(join(work, 'runs'))).toEqual([]);
    },
    START_MS,
  );

  it(
    "answers the command's exit code",
    async () => {
      const urls = {
        BURSTCELL_AMQP_URL: process.env.BURSTCELL_AMQP_URL ?? '',
        BURSTCELL_PG_URL: process.env.BURSTCELL_PG_URL ?? '',
      };

      expect(await exitOf(start(['exec', process.execPath, '-e', 'process.exit(7)'], urls))).toBe(7);
    },
    START_MS,
  );

  it('says what is wrong and what to do, and starts nothing, when a named server is away', async () => {
    const run = start(['exec', 'true'], { BURSTCELL_AMQP_URL: 'amqp://guest:hidden@127.0.0.1:1', BURSTCELL_SERVICES: 'named' });
    const errors = textOf(run.stderr);

    expect(await exitOf(run)).toBe(1);
    expect(await errors).toMatch(
      /error: RabbitMQ at amqp:\/\/guest@127\.0\.0\.1:1: nothing listens there\n {7}Correct or unset BURSTCELL_AMQP_URL\./,
    );
    expect(await errors).not.toContain('hidden');
  });

  it('names its tasks when asked for one it does not have', async () => {
    const run = start(['demoo'], {});
    const errors = textOf(run.stderr);

    expect(await exitOf(run)).toBe(1);
    expect(await errors).toMatch(/unknown task 'demoo'\n {7}One of: demo, crash, bench, releases, /);
  });

  // Elsewhere a process cannot be told from a later one with its number, so nothing is ended.
  const itOnLinux = process.platform === 'linux' ? it : it.skip;

  itOnLinux('ends what a killed run left running, and nothing of a run that lives (Linux only)', async () => {
    const orphan = startGroup('sleep', ['600'], { stdio: 'ignore' });
    const neighbour = startGroup('sleep', ['600'], { stdio: 'ignore' });
    noteRun('dead', { owner: { pid: process.pid, start: '0' }, groups: [processMark(orphan.pid)] });
    noteRun('live', { owner: processMark(process.pid), groups: [processMark(neighbour.pid)] });

    await sweepDeadRuns(work);

    expect((await orphan.ended).signal).toBe('SIGTERM');
    expect(readdirSync(join(work, 'runs'))).toEqual(['live']);
    expect(processMark(neighbour.pid).start).toBeDefined();
    neighbour.child.kill('SIGKILL');
    await neighbour.ended;
  });

  function noteRun(name, note) {
    mkdirSync(join(work, 'runs', name), { recursive: true });
    writeFileSync(join(work, 'runs', name, 'run.json'), JSON.stringify(note));
  }
});

async function firstLines(child, count) {
  let text = '';
  let errors = '';
  child.stderr.on('data', (bytes) => {
    errors += bytes;
  });
  for await (const bytes of child.stdout) {
    text += bytes;
    if (text.split('\n').length > count) return text.split('\n');
  }
  throw new Error(`it ended early:\n${errors}`);
}

async function textOf(stream) {
  let text = '';
  for await (const bytes of stream) text += bytes;
  return text;
}

function exitOf(child) {
  child.stdout.resume();
  child.stderr.resume();
  return child.exitCode === null ? new Promise((done) => child.once('close', (code) => done(code))) : child.exitCode;
}
