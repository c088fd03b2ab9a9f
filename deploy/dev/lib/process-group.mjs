import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { KILLED_MS, READY_POLL_MS } from './timings.mjs';

/**
 * Starts a command as the leader of a process group of its own: an interrupt at the terminal
 * then reaches us alone and is passed on once, and whatever the command starts ends with it.
 */
export function startGroup(command, args, options) {
  const child = spawn(command, args, { ...options, detached: true });
  const ended = new Promise((done) => {
    child.once('error', (error) => done({ code: 127, error }));
    child.once('exit', (code, signal) => done({ code: code ?? 128 + signalNumber(signal), signal }));
  });
  return { pid: child.pid, child, ended };
}

function signalNumber(signal) {
  return { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGABRT: 6, SIGKILL: 9, SIGTERM: 15 }[signal] ?? 0;
}

/** Sends a signal to a whole group; a group that is gone is no error. */
export function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** Asks a group to end, kills what is left of it after the grace, and waits until it is gone. */
export async function endGroup(pid, graceMs, signal = 'SIGTERM') {
  if (pid === undefined) return;
  if (graceMs > 0 && signalGroup(pid, signal)) await groupIsGone(pid, graceMs);
  if (signalGroup(pid, 'SIGKILL')) await groupIsGone(pid, KILLED_MS);
}

async function groupIsGone(pid, limitMs) {
  // Signal 0 only asks whether anybody is there.
  for (const untilMs = Date.now() + limitMs; Date.now() < untilMs && signalGroup(pid, 0); ) await pause(READY_POLL_MS);
}

/** A process by id and start time: an id alone may belong to somebody else by now. Linux only; elsewhere never the same. */
export function processMark(pid) {
  return { pid, start: startOf(pid) };
}

export function isSameProcess(mark) {
  return mark.start !== undefined && startOf(mark.pid) === mark.start;
}

/** Field 22 of /proc/PID/stat (proc(5)): ticks between boot and the start of the process. */
function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
