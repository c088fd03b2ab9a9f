import type { CinderConfig } from '../config/cell-config.js';
import { ServiceUser } from '../openstack/service-user.js';
import type { Volumes } from '../volumes.js';
import { CinderClient } from './cinder-client.js';
import { CinderVolumes } from './cinder-volumes.js';

export function openVolumes(config: CinderConfig): Volumes {
  const user = config.user === null ? null : new ServiceUser(config.user);
  return new CinderVolumes(new CinderClient(config, user), config);
}
