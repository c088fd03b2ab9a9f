import { printTable, rounded } from '../support/print.js';
import type { CpuUse } from './cpu.js';
import type { Listings, Timing } from './listings.js';
import type { LowLoad, Throughput } from './phases.js';

/** All that a run measured; the keys are those of `--json`. */
export interface Figures extends Listings, LowLoad {
  readonly buildsPerSecond: number;
  readonly updatesPerBuild: number;
  readonly updatesPerBuildSlow: number;
  /** Cell, database backends and broker together; null where the system does not tell. */
  readonly cpuMsPerBuild: number | null;
  readonly cpuMsPerBuildByProcess: CpuUse | null;
  readonly rssMb: number | null;
  readonly instances: number;
  readonly p50UnderLoadMs: number;
  readonly p99UnderLoadMs: number;
  readonly bytesPerMessageUp: number;
}

export interface Measured {
  readonly builds: number;
  readonly instances: number;
  readonly quiet: LowLoad;
  readonly slowUpdates: number;
  readonly busy: Throughput;
  readonly rssMb: number | null;
  readonly listings: Listings;
}

export function figuresOf({ builds, instances, quiet, slowUpdates, busy, rssMb, listings }: Measured): Figures {
  const { cpu } = busy;
  const each = (ms: number) => rounded(ms / builds, 2);
  return {
    buildsPerSecond: busy.buildsPerSecond,
    p50Ms: quiet.p50Ms,
    p99Ms: quiet.p99Ms,
    updatesPerBuild: busy.updatesPerBuild,
    updatesPerBuildSlow: slowUpdates,
    cpuMsPerBuild: cpu && each(cpu.cell + cpu.postgres + cpu.broker),
    cpuMsPerBuildByProcess: cpu && { cell: each(cpu.cell), postgres: each(cpu.postgres), broker: each(cpu.broker) },
    rssMb,
    instances,
    p50UnderLoadMs: busy.p50UnderLoadMs,
    p99UnderLoadMs: busy.p99UnderLoadMs,
    bytesPerMessageUp: busy.bytesPerMessageUp,
    ...listings,
  };
}

/** The real child's figures are those of nova's own child of Rocky, measured once on a machine of two cores. */
export function printFigures(figures: Figures): void {
  const byProcess = Object.values(figures.cpuMsPerBuildByProcess ?? {}).join(', ');
  printTable(
    ['figure', 'measured', 'aim', 'real child'],
    [
      ['builds per second', figures.buildsPerSecond, '≥ 500', 'about 1'],
      ['cast to ACTIVE at 10/s: p50', `${figures.p50Ms} ms`, '', '950 ms at best'],
      ['cast to ACTIVE at 10/s: p99', `${figures.p99Ms} ms`, '≤ 100 ms', ''],
      ['updates per build, quick provider', figures.updatesPerBuild, '≤ 2', 'about 10'],
      ['updates per build, slow provider', figures.updatesPerBuildSlow, '≤ 3', ''],
      ['CPU per build', `${figures.cpuMsPerBuild} ms`, '', '810 to 900 ms'],
      ['  of it: cell, PostgreSQL, broker', byProcess, '', ''],
      [`RSS with ${figures.instances} instances`, `${figures.rssMb} MB`, '≤ 150 MB', '720 MB'],
      ['service_get_all p50 / p99', pair(figures.serviceGetAllMs), '≤ 50 ms', ''],
      ['compute_node_get_all p50 / p99', pair(figures.computeNodeGetAllMs), '≤ 50 ms', ''],
      ['compute_node_stats p50 / p99', pair(figures.computeNodeStatsMs), '≤ 50 ms', ''],
    ],
  );
}

function pair({ p50, p99 }: Timing): string {
  return `${p50} / ${p99} ms`;
}
