import type { NeutronConfig } from '../../src/config/cell-config.js';

/** The cell's own user at a stand-in keystone, and a stand-in neutron. */
export function neutronConfig(endpoint: string, authUrl: string): NeutronConfig {
  const user = { authUrl, username: 'cell', password: 'secret', projectName: 'service' };
  return { endpoint, user: { ...user, userDomainName: 'Default', projectDomainName: 'Default' }, syncIntervalMs: 50 };
}
