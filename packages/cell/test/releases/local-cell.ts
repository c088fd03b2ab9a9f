import { SimulatedCloud, Simulator } from '@burstcell/provider/simulator';
import { startCellHere } from '../support/cell-here.js';
import { BOOT_DELAY_MS, SETTLE_MS, STOP_DELAY_MS, UPDATE_GAP_MS } from './timings.js';

export const ZONE = 'zone-a';
/** A volume as the volume service names it; the cell's map says which of the cloud's it is. */
export const VOLUME_ID = '7a000000-0000-4000-8000-000000000001';

/**
 * The cell of a configuration file in this process, on a simulated cloud that holds one volume. Resolves when it is up,
 * with what ends it.
 */
export function startLocalCell(configFile: string): Promise<() => Promise<void>> {
  const cloud = new SimulatedCloud({ zones: [ZONE], bootMs: BOOT_DELAY_MS, stopMs: STOP_DELAY_MS });
  return startCellHere(configFile, {
    makeProvider: ({ cells }) => new Simulator({ cloud, cellName: cells.name, incarnation: 'release' }),
    volumeMap: { [VOLUME_ID]: cloud.createVolume(ZONE).providerVolumeId },
    reportGapMs: UPDATE_GAP_MS,
    settleMs: SETTLE_MS,
  });
}
