import type { NeutronConfig } from '../config/cell-config.js';
import { ServiceUser } from '../openstack/service-user.js';
import type { SecurityGroupService } from '../security-groups.js';
import { NeutronClient } from './neutron-client.js';
import { NeutronGroups } from './neutron-groups.js';

/** The parent's neutron as `[neutron]` describes it; null where it is not to be followed. Makes no call. */
export function openSecurityGroups(config: NeutronConfig | null): SecurityGroupService | null {
  if (config === null) return null;
  return new NeutronGroups(new NeutronClient(config.endpoint, new ServiceUser(config.user)));
}
