import { setTimeout as pause } from 'node:timers/promises';
import { percentile, rounded, say } from '../support/print.js';
import { between, CpuMeter, type CpuUse, rssMb } from './cpu.js';
import { type Listings, measureListings } from './listings.js';
import { readyBuilds } from './messages.js';
import type { Rig } from './rig.js';

export interface Throughput {
  readonly buildsPerSecond: number;
  readonly p50UnderLoadMs: number;
  readonly p99UnderLoadMs: number;
  readonly updatesPerBuild: number;
  readonly bytesPerMessageUp: number;
  readonly cpu: CpuUse | null;
}

export interface LowLoad {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Builds that warm the code up before anything is measured. */
const WARM_UP = 200;
const LOW_LOAD_PER_SECOND = 10;
const LOW_LOAD_BUILDS = 150;
/** No message up for this long after the settle time: all has been said. */
const QUIET_MS = 1_500;

/** As fast as it goes: builds per second, CPU by process, and every message that went up, repeats of the last word included. */
export async function throughput(rig: Rig, builds: number, settleMs: number): Promise<Throughput> {
  await rig.load.flatOut(readyBuilds(WARM_UP, 'rocky', rig.names));
  await rig.load.quiet(QUIET_MS);
  const ready = readyBuilds(builds, 'rocky', rig.names);
  const meter = new CpuMeter(rig.process.pid, rig.databaseName);
  const before = meter.read();
  const result = await rig.load.flatOut(ready);
  const cpu = between(before, meter.read());
  say(`  ${builds} builds in ${result.seconds.toFixed(2)} s; waiting for the last word to be said again (${settleMs} ms)`);
  await pause(settleMs);
  await rig.load.quiet(QUIET_MS);
  return {
    buildsPerSecond: rounded(builds / result.seconds),
    p50UnderLoadMs: rounded(percentile(result.latenciesMs, 0.5)),
    p99UnderLoadMs: rounded(percentile(result.latenciesMs, 0.99)),
    updatesPerBuild: rounded(rig.load.updatesPerBuild(ready), 2),
    bytesPerMessageUp: Math.round(rig.load.bytesUp / rig.load.messagesUp),
    cpu,
  };
}

/** Ten builds a second: what one user sees on a quiet day. */
export async function lowLoad(rig: Rig): Promise<LowLoad> {
  await rig.load.flatOut(readyBuilds(WARM_UP, 'rocky', rig.names));
  await rig.load.quiet(QUIET_MS);
  const result = await rig.load.paced(readyBuilds(LOW_LOAD_BUILDS, 'rocky', rig.names), LOW_LOAD_PER_SECOND);
  return { p50Ms: rounded(percentile(result.latenciesMs, 0.5)), p99Ms: rounded(percentile(result.latenciesMs, 0.99)) };
}

/** Fills up to `instances` and reads memory and listings. */
export async function full(rig: Rig, instances: number, soFar: number): Promise<{ rssMb: number | null; listings: Listings }> {
  if (instances > soFar) await rig.load.flatOut(readyBuilds(instances - soFar, 'rocky', rig.names));
  await rig.load.quiet(QUIET_MS);
  const resident = rssMb(rig.process.pid);
  await rig.load.stop();
  return { rssMb: resident, listings: await measureListings(rig) };
}

/** A provider that takes its time: the early update is due before ACTIVE. */
export async function slow(rig: Rig, builds: number, settleMs: number): Promise<number> {
  const ready = readyBuilds(builds, 'rocky', rig.names);
  await rig.load.paced(ready, 20);
  await pause(settleMs);
  await rig.load.quiet(QUIET_MS);
  return rounded(rig.load.updatesPerBuild(ready), 2);
}
