import type { ServiceUserConfig } from './cell-config.js';
import { ConfigError } from './config-error.js';
import type { OptionReader } from './option-reader.js';

/** The cell's own user, as a section names it; null where it names none. */
export function serviceUser(read: OptionReader, group: 'glance' | 'cinder' | 'neutron'): ServiceUserConfig | null {
  const [authUrl, username, password] = (['auth_url', 'username', 'password'] as const).map((name) =>
    read.textOrNull(group, name),
  );
  if (username == null) return null;
  if (authUrl == null || password == null)
    throw new ConfigError(`[${group}] username is set without auth_url and password`, 'Set all three, or none.');
  return {
    ...{ authUrl, username, password },
    projectName: read.text(group, 'project_name'),
    userDomainName: read.text(group, 'user_domain_name'),
    projectDomainName: read.text(group, 'project_domain_name'),
  };
}
