import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { childEnvironment } from './config.js';
import { endWithUs, killGroup } from './run-command.js';
import { TERM_GRACE_MS } from './timings.js';

/** A long-running process with a log of its own. It and all it forks are one group and end together. */
export class Service {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;

  constructor(
    readonly name: string,
    command: string,
    args: readonly string[],
    readonly logFile: string,
    env: Record<string, string> = {},
  ) {
    this.#child = spawn(command, args, { env: childEnvironment(env), stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const log = createWriteStream(logFile, { flags: 'a' });
    this.#child.stdout?.pipe(log, { end: false });
    this.#child.stderr?.pipe(log, { end: false });
    const release = endWithUs(this.#child.pid);
    this.#ended = new Promise((resolve) => {
      this.#child.on('error', (error) => {
        log.end(`${error.message}\n`);
        resolve();
      });
      this.#child.on('close', () => {
        release();
        log.end();
        resolve();
      });
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get isRunning(): boolean {
    return this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Ends the whole group, by force when it does not go. Repeat-safe. */
  async stop(): Promise<void> {
    killGroup(this.pid, 'SIGTERM');
    await Promise.race([this.#ended, pause(TERM_GRACE_MS, undefined, { ref: false })]);
    killGroup(this.pid, 'SIGKILL');
  }

  /** kill -9, as a crash would be. */
  async kill(): Promise<void> {
    killGroup(this.pid, 'SIGKILL');
    await this.#ended;
  }

  /** The last lines of the log, for an error message. */
  async lastWords(lines = 5): Promise<string> {
    const text = await readFile(this.logFile, 'utf8').catch(() => '');
    return text.trim().split('\n').slice(-lines).join('\n');
  }
}
