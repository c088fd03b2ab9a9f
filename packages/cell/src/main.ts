import { randomUUID } from 'node:crypto';
import { openApiDatabase, openStore } from '@burstcell/store';
import type { Dialect } from '@burstcell/wire';
import { pino } from 'pino';
import { Cell } from './cell.js';
import type { CellConfig } from './config/cell-config.js';
import type { FrontParts } from './front.js';
import { ApiDatabaseTidier } from './fronts/cells-v1/api-database-tidier.js';
import { CellsV1Front } from './fronts/cells-v1/front.js';
import { cellsV1Options } from './fronts/cells-v1/options-from-config.js';
import { releaseFinding } from './fronts/cells-v1/release-finding.js';
import { NO_IMAGE_SERVICE } from './images/open-image-service.js';
import type { Log } from './log.js';
import { openProvider } from './providers/open-provider.js';

const DAY_MS = 24 * 3_600_000;

/** Runs one replica until it is told to stop; answers the exit code. The only place that names a front. */
export async function runCell(config: CellConfig): Promise<number> {
  const log = pino({ level: config.burst.logLevel, base: { cell: config.cells.name, replica: config.host } });
  // A fault of ours in a corner nobody awaits must not end what every other instance depends on.
  process.on('unhandledRejection', (err) => log.error({ err }, 'unhandled rejection'));
  for (const warning of config.warnings) log.warn({}, warning);
  if (config.glance.apiServers.length === 0) log.warn({}, NO_IMAGE_SERVICE);
  const { burst } = config;
  if (burst.observeOnly) log.warn({}, '[burst] observe_only is set: nothing is changed at the provider, and no room is offered');
  const store = await openStore({ url: config.database.connection, reportGapMs: burst.updateGapMs, settleMs: burst.settleMs });
  // Made once with the database: with the cell's name it marks the machines that are ours.
  const settled = await store.settle('incarnation', randomUUID());
  const provider = await openProvider(config, { store, incarnation: burst.incarnation ?? settled.value, log });
  const options = cellsV1Options(config);
  const tidier = openTidier(config, options.dialect, log);
  const makeFront = (parts: FrontParts) => new CellsV1Front({ ...parts, options, tidier });
  const cell = new Cell({
    config,
    store,
    provider,
    capabilities: options.capabilities,
    databaseSince: settled.createdAt,
    makeFront,
    log,
  });
  await cell.start();
  log.info({ provider: provider.name, release: options.dialect.release }, 'cell is up');
  const signal = await toldToStop();
  log.info({ signal }, 'cell is going down');
  await cell.stop();
  log.info({}, 'cell is down');
  return 0;
}

/** For `burstcell doctor`: what running cells of this database found wrong about the parent's release in the last day. */
export async function parentFinding(config: CellConfig): Promise<string | null> {
  const store = await openStore({ url: config.database.connection, reportGapMs: 0, settleMs: 0 });
  try {
    return (await releaseFinding(store, new Date(Date.now() - DAY_MS)))?.detail ?? null;
  } finally {
    await store.close();
  }
}

function openTidier(config: CellConfig, dialect: Dialect, log: Log): ApiDatabaseTidier {
  const url = config.apiDatabase.connection;
  if (!dialect.tidiesApiDatabase) return new ApiDatabaseTidier(null, log);
  if (url === null) {
    log.warn({}, '[api_database] connection is not set: "nova list" of this parent release will show BUILD for ever');
  }
  return new ApiDatabaseTidier(url === null ? null : openApiDatabase(url), log);
}

function toldToStop(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
  });
}
