import type { GlanceConfig } from './cell-config.js';
import type { OptionReader } from './option-reader.js';

/** The `[glance]` section. */
export function glance(read: OptionReader): GlanceConfig {
  return {
    apiServers: read.list('glance', 'api_servers').map(baseUrl),
    apiVersion: read.text('glance', 'api_version') === '1' ? 1 : 2,
    user: glanceUser(read),
  };
}

/** Early releases give their servers as `host:port`. */
function baseUrl(server: string): string {
  return (/^https?:/.test(server) ? server : `http://${server}`).replace(/\/+(v[12](\.\d)?\/*)?$/, '');
}

function glanceUser(read: OptionReader): GlanceConfig['user'] {
  const username = read.textOrNull('glance', 'username');
  if (username === null) return null;
  return {
    username,
    authUrl: read.text('glance', 'auth_url'),
    password: read.text('glance', 'password'),
    projectName: read.text('glance', 'project_name'),
    userDomainName: read.text('glance', 'user_domain_name'),
    projectDomainName: read.text('glance', 'project_domain_name'),
  };
}
