import { type LaunchRequest, type Offering, ProviderError } from '@burstcell/provider';
import type { Ec2Context } from '../context.js';
import { toOffering } from './offering-parameters.js';
import { type JudgedPlace, type Plan, plan } from './plan.js';

/**
 * Where a request could run, best first: cheapest type first, each in every zone (the one with
 * most free addresses first) before the next type. Changes nothing.
 */
export async function offerings(ec2: Ec2Context, request: LaunchRequest, signal?: AbortSignal): Promise<readonly Offering[]> {
  const planned = await plan(ec2, request, signal);
  if (planned.choice.refusal) throw planned.choice.refusal;
  ec2.refusedSizes.note(request.flavor.memoryMb, request.flavor.flavorid, suitable(planned));

  const refusal = refusalOf(planned, request, ec2.clock.now());
  if (refusal) throw refusal;
  return planned.places.filter(({ verdict }) => verdict.is === 'offered').map((place) => toOffering(place, planned.image));
}

/** What a request is told for which no place is open; undefined when one is. */
export function refusalOf(planned: Plan, request: LaunchRequest, nowMs: number): ProviderError | undefined {
  if (planned.choice.refusal) return planned.choice.refusal;
  if (planned.places.some(({ verdict }) => verdict.is === 'offered')) return undefined;
  const refused = planned.places.filter(({ verdict }) => verdict.is === 'refused');
  return refused.length > 0 ? allRefused(request, refused, nowMs) : noPlace(request, suitable(planned));
}

function suitable({ places }: Plan): readonly JudgedPlace[] {
  return places.filter(({ verdict }) => verdict.is !== 'unsuitable');
}

function noPlace(request: LaunchRequest, everywhere: readonly JudgedPlace[]): ProviderError {
  const zones = [...new Set(everywhere.map(({ zone }) => zone))].sort();
  const { zone } = request;
  if (zone !== null && !zones.includes(zone)) {
    const others = zones.length === 0 ? 'ask your cloud operator' : `use one of ${zones.join(', ')}`;
    return new ProviderError('invalid', `nothing for this request in zone ${zone}`, {
      userMessage: `Zone ${zone.slice(0, 40)} cannot run this flavor; ${others}.`,
    });
  }
  if (request.volumesZone !== undefined) return noneByVolumes(request.volumesZone);
  const hint = everywhere.map(({ verdict }) => ('why' in verdict ? verdict.why : '')).find((why) => why.startsWith('hint '));
  if (hint !== undefined) return noneByHint(hint);
  return new ProviderError('capacity', 'no zone is open for this request', {
    userMessage: 'No zone of this cloud is open for such servers at the moment; try again later or ask your cloud operator.',
  });
}

function noneByVolumes(zone: string): ProviderError {
  return new ProviderError('capacity', `nothing for this request in zone ${zone}, where its volumes are`, {
    userMessage: `The volumes of this server are in zone ${zone.slice(0, 40)}, which is not open for such servers; try another flavor, or ask your cloud operator.`,
  });
}

function noneByHint(hint: string): ProviderError {
  const name = hint.includes('same_host') ? 'same_host' : 'different_host';
  return new ProviderError('capacity', `no zone is left by ${hint}`, {
    userMessage: `No zone of this cloud is left by the hint ${name}, which chooses among zones here; drop it or name fewer servers.`,
  });
}

function allRefused(request: LaunchRequest, refused: readonly JudgedPlace[], nowMs: number): ProviderError {
  const types = [...new Set(refused.map(({ instanceType }) => instanceType))].slice(0, 3).join(', ');
  const zones = new Set(refused.map(({ zone }) => zone)).size;
  const earliestMs = Math.min(...refused.map(({ verdict }) => (verdict.is === 'refused' ? verdict.untilMs : 0)));
  return new ProviderError('capacity', `all ${refused.length} offerings for flavor ${request.flavor.name} were refused lately`, {
    userMessage: `No room at the moment for ${types} in ${zones} zone(s); try again in some minutes, or another flavor or zone.`,
    retryAfterMs: Math.max(0, earliestMs - nowMs),
  });
}
