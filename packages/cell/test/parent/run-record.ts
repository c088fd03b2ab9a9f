import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { killGroup } from './run-command.js';

/** What a run has on the machine. Written before each thing is made, so that the next run can clear up after a killed one. */
export interface RunRecord {
  ownerPid: number;
  databases: string[];
  vhosts: string[];
  processes: number[];
}

export interface RunFolder {
  /** Unique on this machine; also the prefix of databases and virtual hosts. */
  name: string;
  path: string;
  record: RunRecord;
  save(): Promise<void>;
  /** All of it has been undone. Repeat-safe. */
  forget(): Promise<void>;
}

export async function makeRunFolder(runsFolder: string, label: string): Promise<RunFolder> {
  const name = `burstcell_${label}_${process.pid}_${Date.now().toString(36)}`;
  const path = join(runsFolder, name);
  await mkdir(join(path, 'log'), { recursive: true });
  const record: RunRecord = { ownerPid: process.pid, databases: [], vhosts: [], processes: [] };
  const file = join(path, 'run.json');
  const save = (): Promise<void> => writeFile(file, JSON.stringify(record, null, 2));
  await save();
  return { name, path, record, save, forget: () => rm(file, { force: true }) };
}

export interface Removers {
  dropDatabase(name: string): Promise<void>;
  removeVhost(name: string): Promise<void>;
}

/** Clears up after runs whose process is gone without having done so. Their logs stay. */
export async function clearAbandonedRuns(runsFolder: string, removers: Removers, say: (line: string) => void): Promise<void> {
  for (const name of await readdir(runsFolder).catch(() => [])) {
    const file = join(runsFolder, name, 'run.json');
    const record = await readRecord(file);
    if (record === undefined || isAlive(record.ownerPid)) continue;
    say(`clearing up after ${name}, which was killed`);
    for (const pid of record.processes) await killIfOurs(pid, name);
    for (const database of record.databases) await removers.dropDatabase(database);
    for (const vhost of record.vhosts) await removers.removeVhost(vhost);
    await rm(file, { force: true });
  }
}

async function readRecord(file: string): Promise<RunRecord | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as RunRecord;
  } catch {
    return undefined;
  }
}

/** Process ids come round again: only a process that names the run's folder in its arguments is the run's. */
async function killIfOurs(pid: number, runName: string): Promise<void> {
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  if (commandLine.includes(runName)) killGroup(pid, 'SIGKILL');
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
