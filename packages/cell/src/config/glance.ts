import type { GlanceConfig } from './cell-config.js';
import type { OptionReader } from './option-reader.js';
import { serviceUser } from './service-user.js';

/** The `[glance]` section. */
export function glance(read: OptionReader): GlanceConfig {
  return {
    apiServers: read.list('glance', 'api_servers').map(baseUrl),
    apiVersion: read.text('glance', 'api_version') === '1' ? 1 : 2,
    user: serviceUser(read, 'glance'),
  };
}

/** Early releases give their servers as `host:port`. */
function baseUrl(server: string): string {
  return (/^https?:/.test(server) ? server : `http://${server}`).replace(/\/+(v[12](\.\d)?\/*)?$/, '');
}
