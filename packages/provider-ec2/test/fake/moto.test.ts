import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type FaultProxy, installMoto, type Moto, MotoUnavailable, startFaultProxy, startMoto } from '../../src/fake/index.js';
import type { Ec2Api } from '../../src/ports/ec2-api.js';
import { aLaunch } from './builders.js';
import { portFor } from './http-builders.js';

const REPOSITORY = new URL('../../../../../', import.meta.url).pathname;
const workDir = process.env.BURSTCELL_WORK ?? join(REPOSITORY, '.work');
const START_LIMIT_MS = 700_000;

/** Why moto cannot be had here; undefined if it can. Asked before the suite is laid out, so that it is skipped by name. */
const absence = await installMoto({ workDir }).then(
  () => undefined,
  (error: unknown) => {
    if (error instanceof MotoUnavailable) return error.message;
    throw error;
  },
);
if (absence !== undefined) process.stderr.write(`skipped: moto behind the fault proxy: ${absence}\n`);

(absence === undefined ? describe : describe.skip)('moto behind the fault proxy', () => {
  let moto: Moto;
  let proxy: FaultProxy;
  let port: Ec2Api & { close(): void };

  beforeAll(async () => {
    moto = await startMoto({ workDir });
    proxy = await startFaultProxy({ target: moto.url });
    port = portFor(proxy.url);
  }, START_LIMIT_MS);
  afterAll(async () => {
    port?.close();
    await proxy?.close();
    await moto?.stop();
  });

  it('launches MaxCount machines, and the same ones for the same token', async () => {
    const imageId = (await port.describeImages({ owners: ['amazon'] }))[0]?.imageId ?? '';
    const launch = aLaunch({ clientToken: 'moto-1', imageId, minCount: 1, maxCount: 2 });

    const first = await port.runInstances(launch);
    const again = await port.runInstances(launch);

    expect(first).toHaveLength(2);
    expect(again.map(({ instanceId }) => instanceId)).toEqual(first.map(({ instanceId }) => instanceId));
    await expect(port.runInstances({ ...launch, tags: {} })).rejects.toMatchObject({ code: 'IdempotentParameterMismatch' });
    const found = await port.describeInstances({ filters: { 'client-token': ['moto-1'] } });
    expect(found.instances).toHaveLength(2);
    await port.terminateInstances(first.map(({ instanceId }) => instanceId));
    await expect(port.runInstances(launch)).rejects.toMatchObject({ code: 'IdempotentInstanceTerminated' });
  });

  it('holds one machine after an answer was lost', async () => {
    await moto.reset();
    proxy.reset();
    const imageId = (await port.describeImages({ owners: ['amazon'] }))[0]?.imageId ?? '';
    const launch = aLaunch({ clientToken: 'moto-2', imageId });
    proxy.inject({ action: 'RunInstances', code: 'NetworkingError', when: 'after' });

    await expect(port.runInstances(launch)).rejects.toMatchObject({ code: 'NetworkingError' });
    const [machine] = await port.runInstances(launch);

    expect((await port.describeInstances({ maxResults: 5 })).instances).toMatchObject([{ instanceId: machine?.instanceId }]);
  });

  it('ends moto with the process that started it, even by SIGKILL', async () => {
    const index = new URL('../../src/fake/index.js', import.meta.url).href;
    const script = `const { startMoto } = await import(${JSON.stringify(index)});
      console.log(JSON.stringify((await startMoto({ workDir: ${JSON.stringify(workDir)} })).url));
      setInterval(() => {}, 1000);`;
    const starter = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(createInterface(starter.stdout), 'line');
    const url = String(JSON.parse(String(line)));

    expect(await answers(url)).toBe(true);
    starter.kill('SIGKILL');

    while (await answers(url));
  });
});

const answers = (url: string): Promise<boolean> => fetch(url).then(Boolean, () => false);

describe('moto that cannot be had', () => {
  it('says so when the work folder cannot be written', async () => {
    await expect(installMoto({ workDir: '/proc/nowhere' })).rejects.toThrow(MotoUnavailable);
  });

  it('gives up at once when told to', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'burstcell-moto-'));
    const abort = new AbortController();
    const installation = installMoto({ workDir: folder, signal: abort.signal, onProgress: () => abort.abort() });

    await expect(installation).rejects.toMatchObject({ name: 'AbortError' });
    rmSync(folder, { recursive: true, force: true });
  });
});

(absence === undefined ? describe : describe.skip)('the installer', () => {
  const script = new URL('../../../src/fake/moto-install.py', import.meta.url).pathname;

  it('lets two processes that start at once make one environment', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'burstcell-moto-'));
    const requirements = join(folder, 'requirements.txt');
    writeFileSync(requirements, 'pip\n');

    const runs = await Promise.all([1, 2].map(() => outputOf('python3', [script, join(folder, 'env'), requirements])));

    expect(runs.map(({ code }) => code)).toEqual([0, 0]);
    expect(runs.filter(({ text }) => text.includes('making a virtual environment'))).toHaveLength(1);
    rmSync(folder, { recursive: true, force: true });
  });

  it('begins anew what was broken off, and says why it failed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'burstcell-moto-'));
    mkdirSync(join(folder, 'env'));
    const requirements = join(folder, 'requirements.txt');
    writeFileSync(requirements, './no-such-package\n');

    const { code, text } = await outputOf('python3', [script, join(folder, 'env'), requirements]);

    expect(code).toBe(1);
    expect(text).toContain('making a virtual environment');
    expect(text).toContain('no-such-package');
    rmSync(folder, { recursive: true, force: true });
  });
});

async function outputOf(command: string, options: readonly string[]): Promise<{ code: unknown; text: string }> {
  const child = spawn(command, options, { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += String(chunk)));
  const [code] = await once(child, 'close');
  return { code, text };
}
