import type { CellConfig } from './cell-config.js';
import { ConfigError } from './config-error.js';
import type { OptionReader } from './option-reader.js';

const GROUP = 'cinder';

export function cinder(read: OptionReader): CellConfig['cinder'] {
  return {
    catalogInfo: read.text(GROUP, 'catalog_info'),
    endpointTemplate: read.textOrNull(GROUP, 'endpoint_template'),
    osRegionName: read.textOrNull(GROUP, 'os_region_name'),
    volumeMap: volumeMap(read.list(GROUP, 'volume_map')),
    providerIdProperty: read.textOrNull(GROUP, 'provider_id_property'),
    user: user(read),
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

function user(read: OptionReader): CellConfig['cinder']['user'] {
  const [authUrl, username, password] = (['auth_url', 'username', 'password'] as const).map((name) =>
    read.textOrNull(GROUP, name),
  );
  if (username == null) return null;
  if (authUrl == null || password == null)
    throw new ConfigError('[cinder] username is set without auth_url and password', 'Set all three, or none.');
  return {
    ...{ authUrl, username, password },
    projectName: read.text(GROUP, 'project_name'),
    userDomainName: read.text(GROUP, 'user_domain_name'),
    projectDomainName: read.text(GROUP, 'project_domain_name'),
  };
}
