import {
  type ExplainedCandidate,
  type ExplainOptions,
  type Explanation,
  type LaunchRequest,
  type PassedOverSize,
  ProviderError,
  type ProviderErrorKind,
} from '@burstcell/provider';
import type { Ec2Context } from '../context.js';
import { withoutFollowed } from '../groups/group-choice.js';
import { groupNotes } from '../groups/group-notes.js';
import type { ImageImports } from '../launching/image-imports.js';
import type { CatalogueFacts } from './catalogue.js';
import { importOutlook, type Outlook } from './explain-import.js';
import { notesOf } from './explain-notes.js';
import { refusalOf } from './offerings.js';
import { type JudgedPlace, type Plan, plan } from './plan.js';
import type { PriceBook } from './price-book.js';

/** Failures that are no answer: EC2 could not be asked. */
const NOT_ANSWERED: readonly ProviderErrorKind[] = ['throttled', 'unavailable', 'unauthorized'];

/** What explaining works with. */
export interface Explaining {
  readonly ec2: Ec2Context;
  /** Absent: nothing is imported. */
  readonly imports?: ImageImports;
}

/** {@link Provider.explain}: the plan that a boot would go by, with prices and reasons. */
export async function explain(
  { ec2, imports }: Explaining,
  request: LaunchRequest,
  { signal, ...options }: ExplainOptions = {},
): Promise<Explanation> {
  // Prices need the sizes of the types, which a plan by named types does not ask for.
  const [{ types }] = await Promise.all([ec2.catalogue.get(signal), ec2.prices.settle(signal)]);
  try {
    const followed = await groupNotes(ec2, request, signal);
    const outlook = await importOutlook(ec2, imports, withoutFollowed(request, ec2.config), options);
    const planned = await plan(ec2, outlook?.request ?? withoutFollowed(request, ec2.config), signal, outlook?.image);
    const explanation = explained(ec2, { request, planned, types, outlook });
    return { ...explanation, notes: [...explanation.notes, ...followed] };
  } catch (error) {
    if (!(error instanceof ProviderError) || NOT_ANSWERED.includes(error.kind)) throw error;
    return { image: null, candidates: [], sizesPassedOver: [], notes: [], refusal: toRefusal(error) };
  }
}

interface Parts {
  readonly request: LaunchRequest;
  readonly planned: Plan;
  readonly types: CatalogueFacts['types'];
  readonly outlook: Outlook | undefined;
}

function explained(ec2: Ec2Context, { request, planned, types, outlook }: Parts): Explanation {
  const { choice, hints, places } = planned;
  const refusal = refusalOf(planned, request, ec2.clock.now());
  const price = priceFrom(ec2.prices.known(hints.market), types);
  const chosen = places.find(({ verdict }) => verdict.is === 'offered');
  return {
    ...imageOf(planned, outlook),
    candidates: places.map((place) => toCandidate(place, place === chosen, price(place.instanceType, place.zone))),
    sizesPassedOver: choice.passedOver().map(
      ({ instanceType, why }): PassedOverSize => ({
        size: instanceType,
        reason: why,
        hourlyPrice: price(instanceType, null),
      }),
    ),
    notes: [...(outlook?.notes ?? []), ...notesOf(request, planned, ec2.config)],
    refusal: refusal === undefined ? null : toRefusal(refusal),
  };
}

function imageOf({ image }: Plan, outlook: Outlook | undefined): Pick<Explanation, 'image' | 'imageImport'> {
  return {
    image: outlook?.image === undefined ? { id: image.imageId, name: image.name, architecture: image.architecture } : null,
    ...(outlook && { imageImport: outlook.imageImport }),
  };
}

function toCandidate(place: JudgedPlace, isChosen: boolean, hourlyPrice: ExplainedCandidate['hourlyPrice']): ExplainedCandidate {
  const { instanceType, zone, market, subnetId, verdict } = place;
  const passedOver = verdict.is === 'offered' || verdict.is === 'waiting' ? undefined : verdict;
  return {
    ...{ size: instanceType, zone, market, network: subnetId, hourlyPrice },
    standing: isChosen ? 'chosen' : passedOver === undefined ? 'next' : 'passed-over',
    reason: passedOver?.why ?? null,
    until: passedOver?.is === 'refused' ? new Date(passedOver.untilMs).toISOString() : null,
  };
}

/** Types that do not exist here have no price. */
function priceFrom(book: PriceBook, types: Parts['types']) {
  return (instanceType: string, zone: string | null) => {
    const type = types.get(instanceType);
    return type === undefined ? null : book.hourly(type, zone);
  };
}

function toRefusal({ kind, message, userMessage }: ProviderError): NonNullable<Explanation['refusal']> {
  return { kind, message, userMessage };
}
