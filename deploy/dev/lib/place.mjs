import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endGroup, isSameProcess, processMark } from './process-group.mjs';
import { SWEEP_GRACE_MS } from './timings.mjs';

export const repoFolder = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

/** Everything that is made lies here: what `BURSTCELL_WORK` names, else `.work` in the repository. */
export function workFolder(env = process.env) {
  return resolve(env.BURSTCELL_WORK || join(repoFolder, '.work'));
}

/**
 * A folder for this run alone, so that two runs never meet. It keeps a note of who made it and
 * which servers it started: {@link sweepDeadRuns} of a later run ends what a killed one left.
 */
export function openRun(work, task) {
  const folder = join(work, 'runs', `${task}-${process.pid}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const owner = processMark(process.pid);
  const groups = [];
  const record = () => writeFileSync(join(folder, 'run.json'), JSON.stringify({ owner, groups }));
  record();
  return {
    folder,
    note(pid) {
      groups.push(processMark(pid));
      record();
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Ends the servers and removes the folders of runs that were killed before they could. */
export async function sweepDeadRuns(work) {
  for (const name of entriesOf(join(work, 'runs'))) {
    const folder = join(work, 'runs', name);
    const run = readRun(folder);
    if (run === undefined || isSameProcess(run.owner)) continue;
    for (const group of run.groups.filter(isSameProcess)) await endGroup(group.pid, SWEEP_GRACE_MS);
    rmSync(folder, { recursive: true, force: true });
  }
}

function entriesOf(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Undefined when the note is not there (yet): another run may be about to write it. */
function readRun(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'));
  } catch {
    return undefined;
  }
}
