import type { CinderConfig } from '../config/cell-config.js';
import { KeystoneToken } from '../openstack/service-token.js';
import type { Volumes } from '../volumes.js';
import { CinderClient } from './cinder-client.js';
import { CinderVolumes } from './cinder-volumes.js';

export function openVolumes(config: CinderConfig): Volumes {
  return new CinderVolumes(new CinderClient(config, new KeystoneToken(config.user)), config);
}
