import type { CellConfig } from './cell-config.js';
import { ConfigError } from './config-error.js';
import type { OptionReader } from './option-reader.js';
import { serviceUser } from './service-user.js';

const GROUP = 'cinder';

export function cinder(read: OptionReader): CellConfig['cinder'] {
  return {
    catalogInfo: read.text(GROUP, 'catalog_info'),
    endpointTemplate: read.textOrNull(GROUP, 'endpoint_template'),
    osRegionName: read.textOrNull(GROUP, 'os_region_name'),
    volumeMap: volumeMap(read.list(GROUP, 'volume_map')),
    providerIdProperty: read.textOrNull(GROUP, 'provider_id_property'),
    user: serviceUser(read, GROUP),
  };
}

function volumeMap(pairs: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [volumeId = '', providerVolumeId = ''] = pair.split(':').map((part) => part.trim());
      if (volumeId === '' || providerVolumeId === '')
        throw new ConfigError(`[cinder] volume_map has '${pair}'`, "Write cinder's id, a colon and the cloud's id.");
      return [volumeId, providerVolumeId];
    }),
  );
}
