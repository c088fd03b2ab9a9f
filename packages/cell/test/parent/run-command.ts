import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { childEnvironment } from './config.js';

export interface CommandAnswer {
  /** The exit status; 124 when time was up, 127 when the command does not exist. */
  status: number;
  /** Standard output and standard error, in the order they came. */
  output: string;
  seconds: number;
}

export interface CommandOptions {
  timeoutMs?: number;
  env?: Record<string, string>;
  cwd?: string;
  /** A file that the output is appended to as it comes. */
  logFile?: string;
}

/** Runs a command to its end, in a process group of its own. Never throws for a command that fails. */
export function runCommand(command: string, args: readonly string[], options: CommandOptions = {}): Promise<CommandAnswer> {
  const began = Date.now();
  const child = spawn(command, args, {
    env: childEnvironment(options.env),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  const release = endWithUs(child.pid);
  const log = options.logFile === undefined ? undefined : createWriteStream(options.logFile, { flags: 'a' });
  let output = '';
  const keep = (piece: string): void => {
    output += piece;
    log?.write(piece);
  };
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);

  return new Promise((resolve) => {
    let timedOut = false;
    const timer =
      options.timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            killGroup(child.pid, 'SIGKILL');
          }, options.timeoutMs);
    const end = (status: number, more = ''): void => {
      clearTimeout(timer);
      release();
      log?.end();
      resolve({ status, output: output + more, seconds: (Date.now() - began) / 1000 });
    };
    child.on('error', (error) => end(127, error.message));
    child.on('close', (status) =>
      timedOut ? end(124, `no answer within ${(options.timeoutMs ?? 0) / 1000} s`) : end(status ?? 1),
    );
  });
}

/** Groups that run now. They are not in this process's own group, so that no terminal's Ctrl-C ends them before their teardown. */
const running = new Set<number>();
process.on('exit', () => {
  for (const pid of running) killGroup(pid, 'SIGKILL');
});

/** A group that must not outlive this process. Call what it returns when the group has ended. */
export function endWithUs(pid: number | undefined): () => void {
  if (pid !== undefined) running.add(pid);
  return () => pid !== undefined && running.delete(pid);
}

/** Signals a process and all it started; a group that is gone is fine. */
export function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
