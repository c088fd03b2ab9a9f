import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { installMoto, MOTO_SERVE_SCRIPT, type MotoInstallOptions, MotoUnavailable } from './moto-install.js';
import { MOTO_START_MS, STOP_GRACE_MS } from './timings.js';

export interface MotoOptions extends MotoInstallOptions {
  /** Default 0: a free one. */
  readonly port?: number;
  /** moto's own switches, such as `MOTO_EC2_ENABLE_INSTANCE_TYPE_VALIDATION: 'true'`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A moto server that answers EC2 calls. It ends with this process, however that ends. */
export interface Moto {
  readonly url: string;
  readonly port: number;
  readonly pid: number | undefined;
  /** The last lines it wrote. */
  log(): readonly string[];
  /** Empties it. */
  reset(): Promise<void>;
  /** Repeat-safe; resolves when the process is gone. */
  stop(): Promise<void>;
}

const LOG_LINES = 50;

/** Installs moto if need be, starts it and waits until EC2 answers. Throws {@link MotoUnavailable}. */
export async function startMoto(options: MotoOptions): Promise<Moto> {
  const python = await installMoto(options);
  const { port = 0, settings = {}, signal, onProgress } = options;
  signal?.throwIfAborted();
  const pairs = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  onProgress?.('starting moto');
  const child = spawn(python, [MOTO_SERVE_SCRIPT, String(port), ...pairs]);
  const lines = keepLines(child);
  try {
    const limit = startLimit(signal);
    const url = await untilListening(child, limit);
    await untilAnswering(url, limit);
    onProgress?.(`moto answers at ${url}`);
    return motoAt(url, { child, lines });
  } catch (error) {
    await stop(child);
    signal?.throwIfAborted();
    throw new MotoUnavailable(`moto did not start: ${lines.slice(-5).join(' | ') || String(error)}`, { cause: error });
  }
}

/** Aborted when the time to start is over or the caller has had enough. */
function startLimit(signal: AbortSignal | undefined): AbortSignal {
  const limit = new AbortController();
  for (const end of [AbortSignal.timeout(MOTO_START_MS), signal]) {
    end?.addEventListener('abort', () => limit.abort(end.reason), { once: true });
  }
  return limit.signal;
}

interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  readonly lines: readonly string[];
}

function motoAt(url: string, { child, lines }: Running): Moto {
  return {
    url,
    port: Number(new URL(url).port),
    pid: child.pid,
    log: () => [...lines],
    async reset() {
      await fetch(`${url}/moto-api/reset`, { method: 'POST' });
    },
    stop: () => stop(child),
  };
}

/** moto writes a line per request; reading them keeps its pipe from filling up. */
function keepLines(child: ChildProcessWithoutNullStreams): readonly string[] {
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on('line', (line) => {
      lines.push(line);
      if (lines.length > LOG_LINES) lines.shift();
    });
  }
  return lines;
}

function untilListening(child: ChildProcessWithoutNullStreams, limit: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const look = (chunk: unknown) => {
      const url = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(String(chunk))?.[1];
      if (url !== undefined) resolve(url);
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`moto ended with ${code}`)));
    limit.addEventListener('abort', () => reject(limit.reason), { once: true });
  });
}

/** The first EC2 call makes moto load its catalogue, which takes seconds: better now than in a test. */
async function untilAnswering(url: string, signal: AbortSignal): Promise<void> {
  const body = new URLSearchParams({ Action: 'DescribeInstances', Version: '2016-11-15' });
  const response = await fetch(url, { method: 'POST', body, signal });
  if (!response.ok) throw new Error(`moto answered ${response.status}`);
}

async function stop(child: ChildProcessWithoutNullStreams): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, 'close');
  child.stdin.end();
  child.kill('SIGTERM');
  const kill = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
  await gone;
  clearTimeout(kill);
}
