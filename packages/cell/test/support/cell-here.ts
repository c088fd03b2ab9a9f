import type { Provider } from '@burstcell/provider';
import { openApiDatabase, openStore } from '@burstcell/store';
import { type Logger, pino } from 'pino';
import { register } from 'prom-client';
import { Cell } from '../../src/cell.js';
import type { CellConfig } from '../../src/config/cell-config.js';
import { loadConfig } from '../../src/config/config.js';
import type { FrontParts } from '../../src/front.js';
import { ApiDatabaseTidier } from '../../src/fronts/cells-v1/api-database-tidier.js';
import { CellsV1Front } from '../../src/fronts/cells-v1/front.js';
import { cellsV1Options } from '../../src/fronts/cells-v1/options-from-config.js';
import { providerOptions } from '../../src/providers/options.js';

export interface CellHereParts {
  readonly makeProvider: (config: CellConfig) => Provider;
  /** cinder's id → the cloud's. */
  readonly volumeMap: Readonly<Record<string, string>>;
  /** In place of the configured pace of reports. */
  readonly reportGapMs: number;
  readonly settleMs: number;
  readonly log?: Logger;
}

const POOL_SIZE = 5;

/** The cell of a configuration file in this process, on any provider. Resolves when it is up, with what ends it. */
export async function startCellHere(configFile: string, parts: CellHereParts): Promise<() => Promise<void>> {
  const config = loadConfig([configFile], providerOptions);
  const { reportGapMs, settleMs, volumeMap, log = pino({ level: 'silent' }) } = parts;
  const store = await openStore({ url: config.database.connection, poolSize: POOL_SIZE, reportGapMs, settleMs });
  const options = cellsV1Options(config);
  const apiUrl = options.dialect.tidiesApiDatabase ? config.apiDatabase.connection : null;
  const tidier = new ApiDatabaseTidier(apiUrl === null ? null : openApiDatabase(apiUrl), log);
  // Counters belong to a process, and each cell registers its own: those of another cell are of no interest.
  register.clear();
  const cell = new Cell({
    config: { ...config, cinder: { ...config.cinder, volumeMap } },
    store,
    provider: parts.makeProvider(config),
    capabilities: options.capabilities,
    databaseSince: new Date(),
    makeFront: (frontParts: FrontParts) => new CellsV1Front({ ...frontParts, options, tidier }),
    log,
  });
  await cell.start();
  return () => cell.stop();
}
