import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from '@jest/globals';
import { aLaunch } from './builders.js';
import { admin, portFor } from './http-builders.js';

const SERVE = new URL('../../src/fake/serve.js', import.meta.url).pathname;
const running = new Set<ChildProcessWithoutNullStreams>();

afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
});

function serve(...options: string[]): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [SERVE, ...options]);
  running.add(child);
  return child;
}

async function firstLine(child: ChildProcessWithoutNullStreams): Promise<{ port: number; url: string }> {
  const [line] = await once(createInterface(child.stdout), 'line');
  return JSON.parse(String(line));
}

async function outputOf(child: ChildProcessWithoutNullStreams): Promise<{ text: string; code: unknown }> {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += String(chunk)));
  const [code] = await once(child, 'close');
  return { text, code };
}

describe('serve.js', () => {
  it('says where it listens, keeps its machines between clients, and ends on SIGTERM', async () => {
    const child = serve('--port', '0', '--delay-ms', '0');
    const { url } = await firstLine(child);
    const first = portFor(url);
    const [machine] = await first.runInstances(aLaunch());
    first.close();

    const second = portFor(url);
    expect(await second.runInstances(aLaunch())).toMatchObject([{ instanceId: machine?.instanceId, state: 'running' }]);
    second.close();
    expect(await admin(`${url}/_fake/counts`)).toMatchObject({ answer: { byAction: { RunInstances: 2 } } });

    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([0, null]);
  });

  it('ends with the process that started it when asked to', async () => {
    const child = serve('--until-stdin-ends', '--buckets');
    await firstLine(child);

    child.stdin.end();

    expect(await once(child, 'close')).toEqual([0, null]);
  });

  it('explains itself', async () => {
    const { text, code } = await outputOf(serve('--help'));

    expect(code).toBe(0);
    expect(text).toContain('--delay-ms MS');
  });

  it.each([
    [['--colour', 'red'], 'Try --help'],
    [['--delay-ms', 'soon'], '--delay-ms wants a whole number'],
  ])('refuses %j', async (options, reason) => {
    const { text, code } = await outputOf(serve(...options));

    expect(code).toBe(2);
    expect(text).toContain(reason);
  });
});
