import type { LaunchRequest } from '@burstcell/provider';
import type { NeutronConfig } from '../../config/cell-config.js';
import { openSecurityGroups } from '../../neutron/open-security-groups.js';
import { SERVICE_REQUEST_MS } from '../../timings.js';
import { askedOfNetworkService } from '../network-service.js';

/**
 * The request with what the network service has of its groups, where that is followed: by default nova's `default`. Nothing
 * is prepared at the provider. Rejects with a `CliError`.
 */
export async function withFollowedGroups(neutron: NeutronConfig | null, request: LaunchRequest): Promise<LaunchRequest> {
  const service = openSecurityGroups(neutron);
  if (service === null) return request;
  const securityGroups = request.securityGroups.length > 0 ? request.securityGroups : ['default'];
  const signal = AbortSignal.timeout(SERVICE_REQUEST_MS);
  const meant = service.meant(securityGroups, request.projectId, signal);
  return { ...request, securityGroups, securityGroupRules: await askedOfNetworkService(meant) };
}
