import { cpus } from 'node:os';
import { Command } from 'commander';
import { positive } from '../support/arguments.js';
import type { Ini } from '../support/cell-config.js';
import { command, printJson, say } from '../support/print.js';
import { figuresOf, type Measured, printFigures } from './figures.js';
import { full, lowLoad, slow, throughput } from './phases.js';
import { withRig } from './rig.js';

interface BenchOptions {
  readonly builds: number;
  readonly instances: number;
  readonly json: boolean;
}

/** Said once more so soon here that the run need not wait a quarter of a minute; it costs the same. */
const SETTLE_MS = 4_000;
const SLOW_BOOT_MS = 1_500;
const SLOW_BUILDS = 100;

/** What the cell runs with; everything else is its default. */
const SETTINGS: Ini = { burst: { provider: 'simulator', updates_per_second: 0, settle_ms: SETTLE_MS } };
const SLOW_SETTINGS: Ini = { ...SETTINGS, simulator: { boot_delay_ms: SLOW_BOOT_MS } };

const program = new Command('bench')
  .description(
    'One cell process on the simulator with zero latency: builds through broker, inbox, operation, provider, outbox, broker.',
  )
  .option('--builds <number>', 'builds of the throughput phase', positive, 5_000)
  .option('--instances <number>', 'instances at the end, for memory and listings', positive, 10_000)
  .option('--json', 'end with one line of JSON', false);

const options = program.parse().opts<BenchOptions>();

await command(async () => {
  say(`settings: ${JSON.stringify(SETTINGS)}; the rest as by default`);
  say(`${cpus().length} cores shared by the cell, PostgreSQL, RabbitMQ and the load`);
  const figures = figuresOf(await measure(options));
  printFigures(figures);
  say('A repeat of the last word of each build is among the updates. The broker’s CPU is that of the whole broker.');
  if (options.json) printJson(figures);
  return 0;
});

async function measure({ builds, instances }: BenchOptions): Promise<Measured> {
  say('low load, 10 builds a second');
  const quiet = await withRig('bench-low', SETTINGS, lowLoad);
  say(`slow provider, ${SLOW_BOOT_MS} ms to boot`);
  const slowUpdates = await withRig('bench-slow', SLOW_SETTINGS, (rig) => slow(rig, SLOW_BUILDS, SETTLE_MS));
  say(`throughput, ${builds} builds`);
  return withRig('bench', SETTINGS, async (rig) => {
    const busy = await throughput(rig, builds, SETTLE_MS);
    say(`  ${busy.buildsPerSecond} builds/s; filling up to ${instances} instances`);
    return { builds, instances, quiet, slowUpdates, busy, ...(await full(rig, instances, builds)) };
  });
}
