import { SimulatedCloud, Simulator } from '@burstcell/provider/simulator';
import { openApiDatabase, openStore } from '@burstcell/store';
import { pino } from 'pino';
import { register } from 'prom-client';
import { Cell } from '../../src/cell.js';
import { loadConfig } from '../../src/config/config.js';
import type { FrontParts } from '../../src/front.js';
import { ApiDatabaseTidier } from '../../src/fronts/cells-v1/api-database-tidier.js';
import { CellsV1Front } from '../../src/fronts/cells-v1/front.js';
import { cellsV1Options } from '../../src/fronts/cells-v1/options-from-config.js';
import { cinderConfig } from '../support/no-cinder.js';
import { BOOT_DELAY_MS, SETTLE_MS, STOP_DELAY_MS, UPDATE_GAP_MS } from './timings.js';

export const ZONE = 'zone-a';
/** A volume as the volume service names it; the cell's map says which of the cloud's it is. */
export const VOLUME_ID = '7a000000-0000-4000-8000-000000000001';
const POOL_SIZE = 5;

/**
 * The cell of a configuration file in this process, on a simulated cloud that holds one volume. Resolves when it is up,
 * with what ends it.
 */
export async function startLocalCell(configFile: string): Promise<() => Promise<void>> {
  const config = loadConfig([configFile], []);
  const log = pino({ level: 'silent' });
  const store = await openStore({
    url: config.database.connection,
    poolSize: POOL_SIZE,
    reportGapMs: UPDATE_GAP_MS,
    settleMs: SETTLE_MS,
  });
  const cloud = new SimulatedCloud({ zones: [ZONE], bootMs: BOOT_DELAY_MS, stopMs: STOP_DELAY_MS });
  const options = cellsV1Options(config);
  const apiUrl = options.dialect.tidiesApiDatabase ? config.apiDatabase.connection : null;
  const tidier = new ApiDatabaseTidier(apiUrl === null ? null : openApiDatabase(apiUrl), log);
  // Counters belong to a process, and each cell registers its own: those of another release are of no interest.
  register.clear();
  const cell = new Cell({
    config: { ...config, cinder: cinderConfig({ [VOLUME_ID]: cloud.createVolume(ZONE).providerVolumeId }) },
    store,
    provider: new Simulator({ cloud, cellName: config.cells.name, incarnation: 'release' }),
    capabilities: options.capabilities,
    databaseSince: new Date(),
    makeFront: (parts: FrontParts) => new CellsV1Front({ ...parts, options, tidier }),
    log,
  });
  await cell.start();
  return () => cell.stop();
}
