import { type LaunchRequest, ProviderError } from '@burstcell/provider';
import type { CatalogueFacts } from './catalogue.js';
import type { Ec2SizeSettings } from './config.js';
import { checkDevices, gpusWanted } from './devices.js';
import type { Ec2InstanceType } from './ec2-api.js';
import { brokenRule, type Need } from './fit.js';
import type { Hints } from './hints.js';
import { cheapestFirst, type PriceOf } from './rank.js';

export interface CandidateParts {
  readonly settings: Ec2SizeSettings;
  /** Asked for only where no types are named. */
  readonly catalogue: () => Promise<CatalogueFacts>;
  /** What orders the types; estimates unless told. */
  readonly priceOf?: PriceOf;
}

export interface TypeWish extends CandidateParts {
  readonly architecture: string;
  /** Network interfaces; 1 unless told. */
  readonly interfaces?: number;
}

/** A type that is no candidate, and why. */
export interface PassedOverType {
  readonly instanceType: string;
  readonly why: string;
}

export interface TypeChoice {
  /** Candidates, best first. */
  readonly types: readonly string[];
  /** Why there are none. */
  readonly refusal?: ProviderError;
  /** The others that were looked at, cheapest first. Computed when asked for: the catalogue is long. */
  readonly passedOver: () => readonly PassedOverType[];
}

/** A user's own choice may be this much larger than the nearest fit: a hint must not be a way to a bigger machine. */
const HINT_MAX_RATIO = 2;

/** Instance types for a request, best first. Throws `invalid` when none fits. */
export async function candidateTypes(request: LaunchRequest, hints: Hints, wish: TypeWish): Promise<readonly string[]> {
  const { types, refusal } = await chooseTypes(request, hints, wish);
  if (refusal) throw refusal;
  return types;
}

/** The same, with what was passed over; throws only for what no type could be. */
export async function chooseTypes(request: LaunchRequest, hints: Hints, wish: TypeWish): Promise<TypeChoice> {
  const named = namedChoice(hints, wish.settings);
  if (named) return named;

  checkDevices(request.flavor, wish.settings.gpuAliases);
  const { types } = await wish.catalogue();
  const need = needOf(request, hints, wish);
  const search: Search = { types, need, hints, priceOf: wish.priceOf };
  const fitting = fittingTypes(search, wish.settings);
  const hint = hints.instanceType;
  const refusal = refusalOf(request, need, { fitting, hint });
  if (refusal) return { types: [], refusal, passedOver: () => passedOver(search, [], wish.settings) };
  const chosen = hint === null ? fitting.map(({ instanceType }) => instanceType) : [hint];
  return { types: chosen, passedOver: () => passedOver(search, chosen, wish.settings) };
}

/** Types that the flavor or the operator names are taken as they are, without looking at the catalogue. */
function namedChoice({ namedTypes, instanceType }: Hints, { maxCandidates }: Ec2SizeSettings): TypeChoice | undefined {
  if (namedTypes === null || namedTypes.length === 0) return undefined;
  if (instanceType === null) {
    const late = namedTypes.slice(maxCandidates);
    return {
      types: namedTypes.slice(0, maxCandidates),
      passedOver: () => late.map((name) => ({ instanceType: name, why: LATE })),
    };
  }
  if (!namedTypes.includes(instanceType)) return undefined;
  const others = namedTypes.filter((name) => name !== instanceType);
  return { types: [instanceType], passedOver: () => others.map((name) => ({ instanceType: name, why: NOT_HINTED })) };
}

const LATE = 'fits, but comes after the number of candidates tried (max_candidates)';
const TOO_LARGE = 'is far larger than the flavor';
const NOT_HINTED = 'not the type that the hint names';

function passedOver(
  { types, need, hints, priceOf }: Search,
  chosen: readonly string[],
  { preferredFamilies }: Ec2SizeSettings,
): readonly PassedOverType[] {
  const whyFitting = (name: string) =>
    hints.instanceType === null ? LATE : hints.instanceType === name ? TOO_LARGE : NOT_HINTED;
  return cheapestFirst(types, preferredFamilies, priceOf)
    .filter(({ instanceType }) => !chosen.includes(instanceType))
    .map((type) => ({ instanceType: type.instanceType, why: brokenRule(type, need)?.why ?? whyFitting(type.instanceType) }));
}

function needOf({ flavor }: LaunchRequest, { market }: Hints, { settings, architecture, interfaces = 1 }: TypeWish): Need {
  const { vcpus, memoryMb } = flavor;
  const gpus = gpusWanted(flavor, settings.gpuAliases);
  return { vcpus, memoryMb, gpus, interfaces, architecture, market, burstable: settings.burstable };
}

/** The cheapest that fit, as many as are looked at: a hinted type may be any of them. */
function fittingTypes(
  { types, need, hints, priceOf }: Search,
  { preferredFamilies, maxCandidates }: Ec2SizeSettings,
): readonly Ec2InstanceType[] {
  const most = hints.instanceType === null ? maxCandidates : types.size;
  const fitting: Ec2InstanceType[] = [];
  for (const type of cheapestFirst(types, preferredFamilies, priceOf)) {
    if (!brokenRule(type, need)) fitting.push(type);
    if (fitting.length === most) break;
  }
  return fitting;
}

interface Search {
  readonly types: CatalogueFacts['types'];
  readonly need: Need;
  readonly hints: Hints;
  readonly priceOf: PriceOf | undefined;
}

function refusalOf(
  request: LaunchRequest,
  need: Need,
  { fitting, hint }: { readonly fitting: readonly Ec2InstanceType[]; readonly hint: string | null },
): ProviderError | undefined {
  const [best] = fitting;
  if (!best) return nothingFits(request, need);
  if (hint === null) return undefined;

  const type = fitting.find(({ instanceType }) => instanceType === hint);
  if (!type) return refusedHint(hint, 'does not fit the flavor and image');
  const isTooLarge = type.vcpus > best.vcpus * HINT_MAX_RATIO || type.memoryMb > best.memoryMb * HINT_MAX_RATIO;
  return isTooLarge ? refusedHint(hint, TOO_LARGE) : undefined;
}

function refusedHint(name: string, why: string): ProviderError {
  return new ProviderError('invalid', `hinted type ${name} ${why}`, {
    subject: 'flavor',
    userMessage: `The instance type ${name.slice(0, 40)} ${why}; drop the hint or choose a flavor of its size.`,
  });
}

function nothingFits({ flavor }: LaunchRequest, { architecture, gpus, interfaces }: Need): ProviderError {
  const more = [gpus > 0 ? `, ${gpus} GPUs` : '', interfaces > 1 ? `, ${interfaces} network interfaces` : ''].join('');
  const size = `${flavor.vcpus} vCPUs, ${flavor.memoryMb} MiB, ${architecture}${more}`;
  return new ProviderError('invalid', `no instance type fits flavor ${flavor.name} (${size})`, {
    subject: 'flavor',
    userMessage: `No instance type of this cloud fits flavor ${flavor.name.slice(0, 60)} (${size}); choose another flavor.`,
  });
}
