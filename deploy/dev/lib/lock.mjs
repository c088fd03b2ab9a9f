import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isSameProcess, processMark } from './process-group.mjs';
import { SetupError, say } from './say.mjs';
import { LOCK_MS, LOCK_POLL_MS } from './timings.mjs';

/**
 * Runs `work` while no other run on this machine holds `folder`. A lock whose holder died is
 * taken over: it is moved aside first, which only one of several waiting runs can do.
 */
export async function withLock(folder, work) {
  await take(folder);
  try {
    return await work();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function take(folder) {
  mkdirSync(dirname(folder), { recursive: true });
  const untilMs = Date.now() + LOCK_MS;
  for (let told = false; !tryTake(folder); told = true) {
    if (!told) say('another run installs or builds; waiting for it');
    if (Date.now() > untilMs)
      throw new SetupError(`${folder} has been held for too long`, 'If no other run is active, remove that folder.');
    removeIfAbandoned(folder);
    await pause(LOCK_POLL_MS);
  }
}

function tryTake(folder) {
  // The holder's name must be there from the first moment, so the folder is made elsewhere and moved in.
  const mine = `${folder}.${process.pid}`;
  rmSync(mine, { recursive: true, force: true });
  mkdirSync(mine);
  writeFileSync(join(mine, 'holder.json'), JSON.stringify(processMark(process.pid)));
  try {
    renameSync(mine, folder);
    return true;
  } catch {
    rmSync(mine, { recursive: true, force: true });
    return false;
  }
}

function removeIfAbandoned(folder) {
  const holder = readHolder(folder);
  if (holder === undefined || holder.start === undefined || isSameProcess(holder)) return;
  const aside = `${folder}.dead.${process.pid}`;
  try {
    renameSync(folder, aside);
    rmSync(aside, { recursive: true, force: true });
  } catch {
    // Another run was quicker.
  }
}

function readHolder(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'holder.json'), 'utf8'));
  } catch {
    return undefined;
  }
}
