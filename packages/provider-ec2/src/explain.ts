import {
  type ExplainedCandidate,
  type Explanation,
  type HourlyPrice,
  type LaunchRequest,
  type PassedOverSize,
  ProviderError,
  type ProviderErrorKind,
} from '@burstcell/provider';
import type { CatalogueFacts } from './catalogue.js';
import type { Ec2Context } from './context.js';
import type { Ec2Market } from './ec2-api.js';
import { notesOf } from './explain-notes.js';
import { refusalOf } from './offerings.js';
import { type JudgedPlace, type Plan, plan } from './plan.js';
import { estimatedPrice } from './rank.js';

/** Failures that are no answer: EC2 could not be asked. */
const NOT_ANSWERED: readonly ProviderErrorKind[] = ['throttled', 'unavailable', 'unauthorized'];

/** {@link Provider.explain}: the plan that a boot would go by, with prices and reasons. */
export async function explain(ec2: Ec2Context, request: LaunchRequest, signal?: AbortSignal): Promise<Explanation> {
  // Prices need the sizes of the types, which a plan by named types does not ask for.
  const { types } = await ec2.catalogue.get(signal);
  try {
    const planned = await plan(ec2, request, signal);
    return explained(ec2, { request, planned, types });
  } catch (error) {
    if (!(error instanceof ProviderError) || NOT_ANSWERED.includes(error.kind)) throw error;
    return { image: null, candidates: [], sizesPassedOver: [], notes: [], refusal: toRefusal(error) };
  }
}

interface Parts {
  readonly request: LaunchRequest;
  readonly planned: Plan;
  readonly types: CatalogueFacts['types'];
}

function explained(ec2: Ec2Context, { request, planned, types }: Parts): Explanation {
  const { image, choice, hints, places } = planned;
  const refusal = refusalOf(planned, request, ec2.clock.now());
  const chosen = places.find(({ verdict }) => verdict.is === 'offered');
  return {
    image: { id: image.imageId, name: image.name, architecture: image.architecture },
    candidates: places.map((place) => toCandidate(place, place === chosen, types)),
    sizesPassedOver: choice.passedOver().map(
      ({ instanceType, why }): PassedOverSize => ({
        size: instanceType,
        reason: why,
        hourlyPrice: priceOf(types, instanceType, hints.market),
      }),
    ),
    notes: notesOf(request, planned, ec2.config),
    refusal: refusal === undefined ? null : toRefusal(refusal),
  };
}

function toCandidate(place: JudgedPlace, isChosen: boolean, types: Parts['types']): ExplainedCandidate {
  const { instanceType, zone, market, subnetId, verdict } = place;
  const passedOver = verdict.is === 'offered' || verdict.is === 'waiting' ? undefined : verdict;
  return {
    ...{ size: instanceType, zone, market, network: subnetId },
    hourlyPrice: priceOf(types, instanceType, market),
    standing: isChosen ? 'chosen' : passedOver === undefined ? 'next' : 'passed-over',
    reason: passedOver?.why ?? null,
    until: passedOver?.is === 'refused' ? new Date(passedOver.untilMs).toISOString() : null,
  };
}

/** Spot prices move by the hour and by the zone: none is guessed. */
function priceOf(types: Parts['types'], instanceType: string, market: Ec2Market): HourlyPrice | null {
  const type = types.get(instanceType);
  if (type === undefined || market !== 'on-demand') return null;
  const amount = Number(estimatedPrice(type).toFixed(4));
  return { amount, currency: 'USD', basis: 'estimated', source: 'in proportion to vCPUs, memory and GPUs; not a price of AWS' };
}

function toRefusal({ kind, message, userMessage }: ProviderError): NonNullable<Explanation['refusal']> {
  return { kind, message, userMessage };
}
