import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { READY_MS, READY_POLL_MS } from './timings.mjs';

/** Waits until a started server lets us in; ends it and throws with the end of its log when it dies or takes too long. */
export async function waitUntilReady({ name, server, isReady, log, stop }) {
  let end;
  server.ended.then((how) => {
    end = how;
  });
  for (const untilMs = Date.now() + READY_MS; Date.now() < untilMs && end === undefined; await pause(READY_POLL_MS)) {
    if ((await isReady()).ok) return;
  }
  await stop();
  const how = end === undefined ? 'did not become ready' : `ended at once (${end.error?.message ?? `exit ${end.code}`})`;
  throw new Error(`a private ${name} ${how}; the end of its log:\n${tail(log)}`);
}

function tail(path) {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-12).join('\n');
  } catch {
    return '(no log)';
  }
}
