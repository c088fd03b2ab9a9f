import type { LaunchRequest } from '@burstcell/provider';
import type { InstanceView, Write } from '@burstcell/store';
import type { OperationContext } from './verb.js';

/** system_metadata keys of our own: what an unshelve needs to know, since nobody says it again. */
const NOTE = 'burst_security_group_';
/** What nova gives a server for which none is named. */
const DEFAULT = ['default'];

/**
 * The request with the security groups that the network service has for it, which the provider then has too. Where none is
 * followed it stays as it is. Repeat-safe. Rejects as the service and `prepareSecurityGroups` do: a server never starts with
 * other groups than were asked for.
 */
export async function withSecurityGroups(context: OperationContext, request: LaunchRequest): Promise<LaunchRequest> {
  const { securityGroups: service, provider, instance, signal } = context;
  if (service === null || provider.prepareSecurityGroups === undefined) return request;
  const securityGroups = request.securityGroups.length > 0 ? request.securityGroups : noted(instance);
  const securityGroupRules = await service.meant(securityGroups, request.projectId, signal);
  const followed = { ...request, securityGroups, securityGroupRules };
  await provider.prepareSecurityGroups(followed, { signal });
  return followed;
}

/** Writes down which they are, by id: names may come to stand for others. Nothing where none is followed, or it is noted already. */
export function noteSecurityGroups({ instance }: OperationContext, request: LaunchRequest): readonly Write[] {
  const { securityGroups, securityGroupRules } = request;
  if (securityGroupRules === undefined) return [];
  const ids = securityGroups.map(
    (asked) => securityGroupRules.find(({ id, name }) => asked === name || asked === id)?.id ?? asked,
  );
  if (ids.join() === noted(instance).join()) return [];
  const values = Object.fromEntries(ids.map((id, at) => [`${NOTE}${at}`, id]));
  return [{ write: 'set-system-metadata', uuid: instance.uuid, values, replace: false }];
}

function noted({ system_metadata: metadata }: InstanceView): readonly string[] {
  const keys = Object.keys(metadata).filter((key) => key.startsWith(NOTE));
  const inOrder = keys.sort((a, b) => Number(a.slice(NOTE.length)) - Number(b.slice(NOTE.length)));
  const found = inOrder.flatMap((key) => metadata[key] ?? []);
  return found.length > 0 ? found : DEFAULT;
}
