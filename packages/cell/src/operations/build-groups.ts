import type { LaunchRequest } from '@burstcell/provider';
import type { InstanceView, Write } from '@burstcell/store';
import type { SecurityGroupService } from '../security-groups.js';
import { Failure } from './failure.js';
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
  const named = request.securityGroups.length > 0 ? request.securityGroups : noted(instance);
  const followed = { ...request, ...(await resolved(service, { ...request, securityGroups: named }, signal)) };
  await provider.prepareSecurityGroups(followed, { signal });
  return followed;
}

type Resolved = Pick<LaunchRequest, 'securityGroups' | 'securityGroupRules'>;

/** A port brings its own groups: nova's go to those that it makes itself (nova/network/neutronv2/api.py `allocate_for_instance`). */
async function resolved(service: SecurityGroupService, request: LaunchRequest, signal: AbortSignal): Promise<Resolved> {
  const { securityGroups, projectId, networks } = request;
  const portIds = networks.flatMap(({ portId }) => portId ?? []);
  if (portIds.length === 0) return { securityGroups, securityGroupRules: await service.meant(securityGroups, projectId, signal) };
  if (portIds.length < networks.length) throw differing();
  const ids = commonOf(portIds, await service.ofPorts(portIds, signal));
  return { securityGroups: ids, securityGroupRules: await service.byIds(ids, signal) };
}

function commonOf(portIds: readonly string[], groupsOf: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const each = portIds.map((portId) => [...(groupsOf.get(portId) ?? noPort(portId))].sort());
  const [first = []] = each;
  if (each.some((ids) => ids.join() !== first.join())) throw differing();
  if (first.length > 0) return first;
  throw new Failure('unsupported', 'Servers of this cloud cannot be without security groups; give the port one.', 400);
}

function noPort(portId: string): never {
  throw new Failure('not-found', `Port ${portId.slice(0, 40)} could not be found.`, 404);
}

function differing(): Failure {
  const remedy = 'name one port alone, or give all of them the same groups.';
  return new Failure('unsupported', `All interfaces of a server have the same security groups in this cloud: ${remedy}`, 400);
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
