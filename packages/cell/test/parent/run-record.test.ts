import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { clearAbandonedRuns, makeRunFolder } from './run-record.js';

let runs = '';
const removed: string[] = [];
const removers = {
  dropDatabase: async (name: string) => void removed.push(`database ${name}`),
  removeVhost: async (name: string) => void removed.push(`vhost ${name}`),
};

beforeEach(async () => {
  removed.length = 0;
  runs = await mkdtemp(join(tmpdir(), 'runs-'));
});

afterEach(() => rm(runs, { recursive: true, force: true }));

describe('a run that was killed', () => {
  it('is cleared up after: its processes, databases and virtual hosts', async () => {
    const run = await makeRunFolder(runs, 'rocky');
    const left = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)', run.name], { detached: true, stdio: 'ignore' });
    Object.assign(run.record, { ownerPid: await deadPid(), databases: ['d1'], vhosts: ['v1'], processes: [left.pid] });
    await run.save();

    const ended = once(left, 'close');
    await clearAbandonedRuns(runs, removers, () => undefined);
    await ended;

    expect(removed).toEqual(['database d1', 'vhost v1']);
    expect(existsSync(join(run.path, 'run.json'))).toBe(false);
  });

  it("leaves a process alone that has got one of its numbers and is somebody else's", async () => {
    const run = await makeRunFolder(runs, 'rocky');
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { detached: true, stdio: 'ignore' });
    Object.assign(run.record, { ownerPid: await deadPid(), processes: [stranger.pid] });
    await run.save();

    await clearAbandonedRuns(runs, removers, () => undefined);

    expect(stranger.kill('SIGKILL')).toBe(true);
    await once(stranger, 'close');
    expect(stranger.signalCode).toBe('SIGKILL');
  });
});

describe('a run that goes on', () => {
  it('is left alone', async () => {
    const run = await makeRunFolder(runs, 'rocky');
    run.record.databases.push('d2');
    await run.save();

    await clearAbandonedRuns(runs, removers, () => undefined);

    expect(removed).toEqual([]);
    expect(existsSync(join(run.path, 'run.json'))).toBe(true);
  });
});

describe('a folder among the runs that is none', () => {
  it('does not stop the clearing', async () => {
    await writeFile(join(runs, 'stray'), 'x');

    await expect(clearAbandonedRuns(runs, removers, () => undefined)).resolves.toBeUndefined();
  });
});

/** The number of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', ''], { stdio: 'ignore' });
  await once(child, 'close');
  return child.pid ?? 0;
}
