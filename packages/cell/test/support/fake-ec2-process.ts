import { join } from 'node:path';
import { repository } from './environment.js';
import { WatchedProcess } from './processes.js';

const PROGRAM = join(repository, 'packages/provider-ec2/dist/src/fake/serve.js');

/** An EC2 instance as the fake's snapshot shows it: what the tools look at. */
export interface FakeInstance {
  readonly instanceId: string;
  readonly state: string;
  readonly availabilityZone: string;
  readonly instanceType: string;
  readonly clientToken?: string;
  readonly launchIndex: number;
  readonly tags: Readonly<Record<string, string>>;
}

export interface FakeSnapshot {
  readonly instances: readonly FakeInstance[];
  readonly states: Readonly<Record<string, number>>;
}

/** A call to fail: `after` means that it took effect and the answer was lost. */
export interface FakeInjection {
  readonly action: string;
  readonly code: string;
  readonly when?: 'before' | 'after';
  readonly times?: number | null;
}

/** The fake EC2 as a process of its own: it outlives the cell, as a cloud does. */
export class FakeEc2Process {
  private constructor(
    private readonly watched: WatchedProcess,
    readonly url: string,
  ) {}

  static async start(options: { delayMs?: number; latencyMs?: number; unseenMs?: number } = {}): Promise<FakeEc2Process> {
    const flags = { 'delay-ms': options.delayMs, 'latency-ms': options.latencyMs, 'unseen-ms': options.unseenMs };
    const args = Object.entries(flags).flatMap(([flag, value]) => (value === undefined ? [] : [`--${flag}`, String(value)]));
    const watched = WatchedProcess.spawn({ name: 'fake EC2', program: PROGRAM, args: ['--port', '0', ...args] });
    const port = await watched.line((line) => portIn(line));
    return new FakeEc2Process(watched, `http://127.0.0.1:${port}`);
  }

  /** What `[ec2]` of a cell needs to use it. */
  get settings(): Readonly<Record<string, string>> {
    return {
      region: 'us-east-1',
      endpoint_url: this.url,
      access_key_id: 'fake',
      secret_access_key: 'fake',
      default_ami: 'amzn2-ami-hvm-x86_64-gp2',
    };
  }

  async snapshot(): Promise<FakeSnapshot> {
    return (await this.admin('GET', 'snapshot')) as FakeSnapshot;
  }

  /** Those that cost money. */
  async living(): Promise<readonly FakeInstance[]> {
    const { instances } = await this.snapshot();
    return instances.filter(({ state }) => state !== 'terminated' && state !== 'shutting-down');
  }

  async inject(injection: FakeInjection): Promise<void> {
    await this.admin('POST', 'inject', injection);
  }

  async clearInjections(): Promise<void> {
    await this.admin('POST', 'clear-injections');
  }

  /** How many more instances may be started; null: no limit. */
  async setRoom(free: number | null): Promise<void> {
    await this.admin('POST', 'room', { free });
  }

  async stop(): Promise<void> {
    await this.watched.stop();
  }

  private async admin(method: string, path: string, body?: object): Promise<unknown> {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const response = await fetch(`${this.url}/_fake/${path}`, init);
    if (!response.ok) throw new Error(`fake EC2: ${method} ${path}: ${response.status} ${await response.text()}`);
    const text = await response.text();
    return text === '' ? null : JSON.parse(text);
  }
}

function portIn(line: string): number | undefined {
  if (!line.startsWith('{')) return undefined;
  const { port } = JSON.parse(line) as { port?: number };
  return port;
}
