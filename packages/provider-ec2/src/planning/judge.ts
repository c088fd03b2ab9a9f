import type { LaunchRequest } from '@burstcell/provider';
import type { Ec2Zone } from '../ports/ec2-api.js';
import type { Hints } from './hints.js';
import { lookup } from './lookup.js';
import { type Place, type RefusalKey, refusalKeys } from './unavailable.js';

/** A place with what freezing needs to know of it. */
export interface PlannedPlace extends Place {
  /** Subnets of the second interface and those after it. */
  readonly moreSubnetIds: readonly string[];
  /** Looked up by name; those of the configuration come on top. */
  readonly securityGroupIds: readonly string[];
  /** Memory of the type, where the server must be able to hibernate. */
  readonly hibernatingMb?: number;
  /** What speaks against its subnet; null = nothing. */
  readonly why: string | null;
}

/**
 * What is thought of a place. `unsuitable`: it cannot run the request. `unwanted`: it could, but must not.
 * `refused`: EC2 had no room there lately. `waiting`: another place like it comes first.
 */
export type Verdict =
  | { readonly is: 'offered' }
  | { readonly is: 'unsuitable' | 'unwanted' | 'waiting'; readonly why: string }
  | { readonly is: 'refused'; readonly why: string; readonly untilMs: number };

export interface Circumstances {
  readonly request: LaunchRequest;
  readonly hints: Hints;
  readonly zones: readonly Ec2Zone[];
  /** Zones that offer a type; undefined where the catalogue was not needed. */
  readonly zonesOf: ReadonlyMap<string, ReadonlySet<string>> | undefined;
  readonly refused: ReadonlyMap<RefusalKey, number>;
}

/** Pure. What can never be comes before what must not be, and that before what is full. */
export function judge(place: PlannedPlace, around: Circumstances): Verdict {
  const unsuitable = whyUnsuitable(place, around);
  if (unsuitable !== undefined) return { is: 'unsuitable', why: unsuitable };
  const unwanted = whyUnwanted(place, around);
  if (unwanted !== undefined) return { is: 'unwanted', why: unwanted };
  return lastRefusal(place, around.refused) ?? { is: 'offered' };
}

function whyUnsuitable({ instanceType, zone, why }: PlannedPlace, { zones, zonesOf }: Circumstances): string | undefined {
  const known = zones.find(({ name }) => name === zone);
  if (known === undefined) return 'the cell does not use its zone';
  if (!known.available) return 'EC2 calls its zone impaired';
  if (why !== null) return why;
  if (zonesOf === undefined) return undefined;
  if (!zonesOf.has(instanceType)) return 'the type does not exist in this region';
  return zonesOf.get(instanceType)?.has(zone) ? undefined : 'the type is not offered in its zone';
}

function whyUnwanted({ zone }: PlannedPlace, { request, hints }: Circumstances): string | undefined {
  if (request.zone !== null && request.zone !== zone) return `zone ${request.zone} was asked for`;
  if (isElsewhere(request, zone)) return `its volumes are in zone ${request.volumesZone}`;
  if (request.disabledZones.includes(zone)) return 'an operator has disabled its zone';
  const near = zonesOfHint(request, hints.sameHost);
  if (near.length > 0 && !near.includes(zone)) return `hint same_host: ${near.join(', ')}`;
  return zonesOfHint(request, hints.differentHost).includes(zone)
    ? 'hint different_host: one of those is in its zone'
    : undefined;
}

/** Volumes are attached in their own zone only (AWS: AttachVolume). */
function isElsewhere({ volumesZone }: LaunchRequest, zone: string): boolean {
  return volumesZone !== undefined && volumesZone !== zone;
}

/**
 * Hosts cannot be seen at EC2, zones can: another zone is another host for sure, and the same zone is as near
 * as one can ask for. Of instances whose zone is not known nothing can be said.
 */
export function zonesOfHint({ zonesOfHinted = {} }: LaunchRequest, uuids: readonly string[]): readonly string[] {
  return [...new Set(uuids.flatMap((uuid) => lookup(zonesOfHinted, uuid) ?? []))].sort();
}

const SCOPES: Readonly<Record<string, string>> = {
  offering: 'EC2 had no room for the type in its zone',
  subnet: 'its subnet had no free address',
  quota: "the account's quota for such types was spent",
};

/** The refusal that stands longest. */
function lastRefusal(place: Place, refused: ReadonlyMap<RefusalKey, number>): Verdict | undefined {
  const [last] = refusalKeys(place)
    .flatMap((key) => {
      const untilMs = refused.get(key);
      return untilMs === undefined ? [] : [{ key, untilMs }];
    })
    .sort((a, b) => b.untilMs - a.untilMs);
  if (last === undefined) return undefined;
  const [scope = ''] = last.key.split('/');
  return { is: 'refused', why: lookup(SCOPES, scope) ?? 'EC2 refused it', untilMs: last.untilMs };
}
