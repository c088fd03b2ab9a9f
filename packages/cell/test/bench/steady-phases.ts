import { setTimeout as pause } from 'node:timers/promises';
import type { Provider } from '@burstcell/provider';
import { makeCore } from '../support/core.js';
import { rounded, say } from '../support/print.js';
import { until } from '../support/until.js';
import { CpuMeter } from './cpu.js';
import type { SteadyBed } from './steady-bed.js';

/** What something cost: requests to AWS, and CPU of this process and its database's backends (null without /proc). */
export interface Cost {
  readonly ec2Calls: number;
  readonly queueCalls: number;
  readonly cpuMs: number | null;
  readonly seconds: number;
}

export interface Measured {
  /** The loops, for as long as was asked. */
  readonly idle: Cost;
  /** One sweep. */
  readonly sweep: Cost;
  /** From a stop outside, or without events from the beginning of the next sweep, to SHUTOFF in the row. */
  readonly noticeSeconds: number;
}

const SWEEPS = 2;
const STOPS = 3;
/** Sweeps are run by hand here. */
const NEVER_MS = 2 ** 31 - 1;
const STOP_MS = 10_000;
const NOTICE_LIMIT_MS = 5 * 60_000;

type Core = ReturnType<typeof makeCore>;

/** Sweeps idle machines, watches them for some time, and sees some of them stopped. What a first sweep warms up is not counted. */
export async function watchIdle(bed: SteadyBed, withEvents: boolean, idleSeconds: number): Promise<Measured> {
  const provider = bed.provider(withEvents);
  const core = makeCore({ store: bed.store, provider, log: problems, sweepIntervalMs: NEVER_MS });
  core.watcher.start();
  core.events.start();
  try {
    await core.sweep.sweep();
    await bed.forgetEvents();
    const sweeps = await costOf(bed, async () => {
      for (let round = 0; round < SWEEPS; round += 1) await core.sweep.sweep();
    });
    const idle = await costOf(bed, () => pause(idleSeconds * 1000));
    core.worker.start();
    return { idle, sweep: shareOf(sweeps, SWEEPS), noticeSeconds: await notice(bed, core, withEvents) };
  } finally {
    await end(core, provider);
  }
}

async function end({ events, worker, watcher }: Core, provider: Provider): Promise<void> {
  await events.stop();
  await worker.stop(STOP_MS);
  await watcher.stop();
  await provider.close();
}

/** The middle one of some stops, one after the other. */
async function notice(bed: SteadyBed, { sweep }: Core, withEvents: boolean): Promise<number> {
  const rows = (await bed.store.providerInstances.all({ limit: 2 * STOPS })).filter(({ state }) => state === 'running');
  const seconds: number[] = [];
  for (const { uuid, providerId } of rows.slice(0, STOPS)) {
    const began = performance.now();
    await bed.stopOutside(providerId);
    if (!withEvents) await sweep.sweep();
    const isStopped = async () => (await bed.store.instances.views([uuid])).get(uuid)?.vm_state === 'stopped';
    await until(isStopped, 'the stop outside is noticed', NOTICE_LIMIT_MS);
    seconds.push((performance.now() - began) / 1000);
  }
  return rounded(seconds.sort((a, b) => a - b)[Math.floor(seconds.length / 2)] ?? 0, 2);
}

async function costOf(bed: SteadyBed, work: () => Promise<void>): Promise<Cost> {
  const meter = new CpuMeter(process.pid, bed.databaseName);
  const [before, cpuBefore, began] = [await bed.calls(), meter.read(), performance.now()];
  await work();
  const [after, cpu, ended] = [await bed.calls(), meter.read(), performance.now()];
  return {
    ec2Calls: after.ec2 - before.ec2,
    queueCalls: after.queue - before.queue,
    cpuMs: cpu && cpuBefore && cpu.cell + cpu.postgres - cpuBefore.cell - cpuBefore.postgres,
    seconds: (ended - began) / 1000,
  };
}

function shareOf({ ec2Calls, queueCalls, cpuMs, seconds }: Cost, among: number): Cost {
  return {
    ec2Calls: ec2Calls / among,
    queueCalls: queueCalls / among,
    cpuMs: cpuMs === null ? null : cpuMs / among,
    seconds: seconds / among,
  };
}

const problem = (facts: object, message: string) => say(`  ${message}: ${JSON.stringify(facts).slice(0, 200)}`);
const problems = { debug() {}, info() {}, warn: problem, error: problem };
