import { openVolumes } from '../../src/cinder/open-volumes.js';
import type { CellConfig } from '../../src/config/cell-config.js';

/** No volume service: volumes have the same id on both sides, but for those mapped. */
export function cinderConfig(volumeMap: Readonly<Record<string, string>> = {}): CellConfig['cinder'] {
  const nowhere = { endpointTemplate: null, osRegionName: null, providerIdProperty: null, user: null };
  return { ...nowhere, catalogInfo: 'volumev3:cinderv3:publicURL', volumeMap };
}

export const volumesWithoutCinder = () => openVolumes(cinderConfig());
