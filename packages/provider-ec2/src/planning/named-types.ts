import { type LaunchRequest, ProviderError } from '@burstcell/provider';
import { brokenHibernationRule } from './fit.js';
import { hibernationLimitMb } from './hibernation-spec.js';
import type { Hints } from './hints.js';
import { LATE, NOT_HINTED, type PassedOverType, type TypeChoice, type TypeWish } from './type-choice.js';

/**
 * Types that the flavor or the operator names are taken as they are; the catalogue is looked at only where they must be able
 * to hibernate. Undefined: none are named, or a hint wants another.
 */
export async function namedChoice(
  request: LaunchRequest,
  { namedTypes, instanceType }: Hints,
  wish: TypeWish,
): Promise<TypeChoice | undefined> {
  if (namedTypes === null || namedTypes.length === 0) return undefined;
  const awake = await awakeTypes(request, namedTypes, wish);
  const able = namedTypes.filter((name) => !awake.some((type) => type.instanceType === name));
  if (able.length === 0) return { types: [], refusal: noneHibernates(request, namedTypes), passedOver: () => awake };
  const choice = instanceType === null ? firstOf(able, wish.settings.maxCandidates) : hintedOf(able, instanceType);
  return choice && { ...choice, passedOver: () => [...choice.passedOver(), ...awake] };
}

function firstOf(names: readonly string[], most: number): TypeChoice {
  return { types: names.slice(0, most), passedOver: () => names.slice(most).map((name) => ({ instanceType: name, why: LATE })) };
}

function hintedOf(names: readonly string[], hint: string): TypeChoice | undefined {
  if (!names.includes(hint)) return undefined;
  const others = names.filter((name) => name !== hint);
  return { types: [hint], passedOver: () => others.map((name) => ({ instanceType: name, why: NOT_HINTED })) };
}

/** Those that cannot hibernate, for a flavor that asks for it. Types that do not exist here are judged later. */
async function awakeTypes(
  { flavor }: LaunchRequest,
  names: readonly string[],
  { platform, catalogue }: TypeWish,
): Promise<readonly PassedOverType[]> {
  const limitMb = hibernationLimitMb(flavor, platform);
  if (limitMb === null) return [];
  const { types } = await catalogue();
  return names.flatMap((name) => {
    const type = types.get(name);
    const broken = type && brokenHibernationRule(type, limitMb);
    return broken === undefined ? [] : [{ instanceType: name, why: broken.why }];
  });
}

function noneHibernates({ flavor }: LaunchRequest, names: readonly string[]): ProviderError {
  return new ProviderError('invalid', `flavor ${flavor.name}: none of its types can hibernate: ${names.join(', ')}`, {
    subject: 'flavor',
    userMessage: `Flavor ${flavor.name.slice(0, 60)} asks for hibernation, which none of its instance types can; choose another flavor.`,
  });
}
