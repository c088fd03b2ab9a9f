import { type LaunchRequest, ProviderError } from '@burstcell/provider';
import type { Ec2InstanceType } from '../ports/ec2-api.js';
import type { Ec2SizeSettings } from '../settings/config.js';
import { checkDevices, gpusWanted } from '../verbs/devices.js';
import type { CatalogueFacts } from './catalogue.js';
import { brokenRule, type Need } from './fit.js';
import { hibernationLimitMb } from './hibernation-spec.js';
import type { Hints } from './hints.js';
import { namedChoice } from './named-types.js';
import { cheapestFirst, type PriceOf } from './rank.js';
import { LATE, NOT_HINTED, type PassedOverType, type TypeChoice, type TypeWish } from './type-choice.js';

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
  const named = await namedChoice(request, hints, wish);
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

const TOO_LARGE = 'is far larger than the flavor';

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

function needOf({ flavor }: LaunchRequest, { market }: Hints, wish: TypeWish): Need {
  const { settings, architecture, interfaces = 1, platform } = wish;
  const { vcpus, memoryMb } = flavor;
  const gpus = gpusWanted(flavor, settings.gpuAliases);
  const hibernatesUpToMb = hibernationLimitMb(flavor, platform);
  return { vcpus, memoryMb, gpus, interfaces, architecture, market, burstable: settings.burstable, hibernatesUpToMb };
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

function nothingFits({ flavor }: LaunchRequest, { architecture, gpus, interfaces, hibernatesUpToMb }: Need): ProviderError {
  const more = [gpus > 0 ? `, ${gpus} GPUs` : '', interfaces > 1 ? `, ${interfaces} network interfaces` : ''].join('');
  const asleep = hibernatesUpToMb === null ? '' : ', hibernation';
  const size = `${flavor.vcpus} vCPUs, ${flavor.memoryMb} MiB, ${architecture}${more}${asleep}`;
  return new ProviderError('invalid', `no instance type fits flavor ${flavor.name} (${size})`, {
    subject: 'flavor',
    userMessage: `No instance type of this cloud fits flavor ${flavor.name.slice(0, 60)} (${size}); choose another flavor.`,
  });
}
