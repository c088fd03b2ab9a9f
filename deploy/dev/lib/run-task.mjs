import { endGroup, signalGroup, startGroup } from './process-group.mjs';
import { say } from './say.mjs';
import { TASK_GRACE_MS } from './timings.mjs';

const INTERRUPTS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a command to its end and answers its exit code. The first interrupt is passed on so
 * that the command can tidy up; the second, or a command that does not heed it, ends it hard.
 * Whatever it leaves running in its process group is ended too.
 */
export async function runTask(command, args, { env, cwd, run, interrupts }) {
  if (interrupts.received !== undefined) return 130;
  const task = startGroup(command, args, { env, cwd, stdio: 'inherit' });
  if (task.pid !== undefined) run.note(task.pid);
  interrupts.pass((signal) => signalGroup(task.pid, signal));
  const { code, error } = await task.ended;
  interrupts.pass(undefined);
  if (error !== undefined) say(`${command} could not be started: ${error.message}`);
  await endGroup(task.pid, 0);
  return code;
}

/** Catches interrupts from now on, so that what has been started is always ended in order. */
export function catchInterrupts() {
  const state = { received: undefined, passOn: undefined };
  const interrupt = (signal) => {
    const isFirst = state.received === undefined;
    state.received = signal;
    if (isFirst) say('interrupted: tidying up (once more to end at once)');
    state.passOn?.(isFirst ? signal : 'SIGKILL');
    if (isFirst) setTimeout(() => state.passOn?.('SIGKILL'), TASK_GRACE_MS).unref();
  };
  for (const signal of INTERRUPTS) process.on(signal, interrupt);
  return {
    get received() {
      return state.received;
    },
    pass(passOn) {
      state.passOn = passOn;
      if (state.received !== undefined) passOn?.(state.received);
    },
  };
}
