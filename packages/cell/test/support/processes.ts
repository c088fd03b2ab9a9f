import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { KEPT_LINES, START_MS, STOP_MS } from './timings.js';

export interface SpawnOptions {
  /** For messages. */
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** All it says is appended here. */
  readonly logFile?: string;
  onLine?(line: string): void;
}

/** A node process of ours that is watched: its last lines are kept, its end is noticed. */
export class WatchedProcess {
  readonly lines: string[] = [];
  readonly exited: Promise<number | null>;
  private readonly listeners = new Set<(line: string) => void>();
  private hasExited = false;

  private constructor(
    private readonly child: ChildProcess,
    readonly name: string,
  ) {
    this.exited = once(child, 'exit').then(([code]: (number | null)[]) => {
      this.hasExited = true;
      return code ?? null;
    });
  }

  static spawn(options: SpawnOptions): WatchedProcess {
    const child = spawn(process.execPath, [options.program, ...options.args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: options.env ?? process.env,
    });
    const watched = new WatchedProcess(child, options.name);
    if (options.onLine) watched.listeners.add(options.onLine);
    if (options.logFile !== undefined) watched.logTo(options.logFile);
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => watched.heard(line));
    }
    return watched;
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error(`${this.name} was not started`);
    return this.child.pid;
  }

  get isRunning(): boolean {
    return !this.hasExited;
  }

  /** Resolves with the first line that `wanted` takes. Rejects when the process ends before, or takes too long. */
  async line<T>(wanted: (line: string) => T | undefined, timeoutMs = START_MS): Promise<T> {
    for (const line of this.lines) {
      const value = wanted(line);
      if (value !== undefined) return value;
    }
    return new Promise<T>((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        this.listeners.delete(listen);
      };
      const listen = (line: string) => {
        const value = wanted(line);
        if (value === undefined) return;
        end();
        resolve(value);
      };
      const fail = (why: string) => {
        end();
        reject(new Error(`${this.name} ${why}:\n${this.lastWords()}`));
      };
      const timer = setTimeout(() => fail(`was not ready within ${timeoutMs} ms`), timeoutMs);
      this.listeners.add(listen);
      void this.exited.then((code) => fail(`ended with ${code}`));
    });
  }

  lastWords(count = 30): string {
    return this.lines.slice(-count).join('\n');
  }

  /** As if the machine had died. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }

  /** SIGTERM; SIGKILL when that takes too long. Resolves with the exit code. */
  async stop(timeoutMs = STOP_MS): Promise<number | null> {
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), timeoutMs);
    const code = await this.exited;
    clearTimeout(timer);
    return code;
  }

  private logTo(path: string): void {
    const file = createWriteStream(path, { flags: 'a' });
    this.listeners.add((line) => file.write(`${line}\n`));
    void this.exited.then(() => file.end());
  }

  private heard(line: string): void {
    this.lines.push(line);
    if (this.lines.length > KEPT_LINES) this.lines.shift();
    for (const listener of [...this.listeners]) listener(line);
  }
}

/** Runs a program to its end; rejects with its output when it fails. */
export async function runToEnd(options: SpawnOptions): Promise<string> {
  const watched = WatchedProcess.spawn(options);
  const code = await watched.exited;
  if (code !== 0) throw new Error(`${options.name} ended with ${code}:\n${watched.lastWords()}`);
  return watched.lines.join('\n');
}
