import { createHash } from 'node:crypto';
import type { JsonObject, Launch, LaunchRequest, Offering } from '../launch.js';
import { parametersOf } from './launch-spec.js';

/** Hex characters of a token's digest: 128 bits, so that two launches never meet by chance. */
const DIGEST_LENGTH = 32;

interface Group {
  readonly parameters: JsonObject;
  readonly members: string[];
}

/** Requests of one shape share a launch; a fixed address cannot be shared, so its request stays alone. */
export function freezeLaunches(
  requests: readonly LaunchRequest[],
  into: { readonly owner: string; readonly offering: Offering; readonly attempt: number },
): Launch[] {
  const groups = new Map<string, Group>();
  for (const request of requests) {
    const parameters = parametersOf(request, into.owner);
    const key = requests.length === 1 ? '' : shapeKey(request, parameters);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { parameters, members: [request.uuid] });
    else group.members.push(request.uuid);
  }
  return [...groups.values()].map(({ parameters, members }) => ({
    token: tokenOf([into.owner, into.offering.key, String(into.attempt), ...members]),
    offering: into.offering,
    members,
    parameters,
  }));
}

function shapeKey(request: LaunchRequest, parameters: JsonObject): string {
  const isAlone = request.networks.some(({ fixedIp }) => fixedIp !== null);
  return JSON.stringify(isAlone ? [parameters, request.uuid] : parameters);
}

function tokenOf(parts: readonly string[]): string {
  return `sim-${createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, DIGEST_LENGTH)}`;
}
