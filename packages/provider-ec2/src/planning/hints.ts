import { type Json, type LaunchRequest, ProviderError } from '@burstcell/provider';
import type { Ec2Market } from '../ports/ec2-api.js';
import { lookup } from './lookup.js';

/** What a request asks of EC2 beyond nova's own words. */
export interface Hints {
  readonly market: Ec2Market;
  /** Type the user named; null = none. */
  readonly instanceType: string | null;
  /** Types the flavor or the operator names, best first; null = choose by size. */
  readonly namedTypes: readonly string[] | null;
  /** Instances it must be near to; empty = none. */
  readonly sameHost: readonly string[];
  /** Instances it must be away from. */
  readonly differentHost: readonly string[];
  /** nova's server group; null = none. */
  readonly group: string | null;
  /** Hints that mean nothing here. */
  readonly ignored: readonly string[];
}

export interface HintDefaults {
  readonly market: Ec2Market;
  readonly instanceTypeMap: Readonly<Record<string, readonly string[]>>;
}

/** Flavor extra specs of this provider. */
export const EXTRA_SPEC = {
  instanceType: 'ec2:instance_type',
  market: 'ec2:market',
  gpus: 'ec2:gpus',
  architecture: 'ec2:architecture',
} as const;

const HINTS = ['market', 'instance_type', 'same_host', 'different_host', 'group'] as const;
type HintName = (typeof HINTS)[number];

/** Reads scheduler hints (`nova boot --hint`), extra specs and the operator's map, the more special word first. Throws `invalid`. */
export function readHints(request: LaunchRequest, defaults: HintDefaults): Hints {
  const { extraSpecs, name, flavorid } = request.flavor;
  const market = oneWord(request, 'market') ?? lookup(extraSpecs, EXTRA_SPEC.market) ?? defaults.market;
  const named = lookup(extraSpecs, EXTRA_SPEC.instanceType)
    ?.split(',')
    .map((type) => type.trim())
    .filter((type) => type !== '');
  return {
    market: toMarket(market),
    instanceType: oneWord(request, 'instance_type'),
    namedTypes: named ?? lookup(defaults.instanceTypeMap, name) ?? lookup(defaults.instanceTypeMap, flavorid) ?? null,
    sameHost: words(request, 'same_host'),
    differentHost: words(request, 'different_host'),
    group: oneWord(request, 'group'),
    ignored: Object.keys(request.schedulerHints).filter((hint) => !HINTS.some((known) => known === hint)),
  };
}

/** A hint repeated on the command line comes as a list; here only one word makes sense. */
function oneWord(request: LaunchRequest, hint: HintName): string | null {
  const [word, second] = words(request, hint);
  if (second === undefined) return word ?? null;
  throw notWords(hint, 'with one word');
}

/** One word or a list of them, as nova's own filters take it. */
function words(request: LaunchRequest, hint: HintName): readonly string[] {
  const given: Json | undefined = lookup(request.schedulerHints, hint);
  if (given === undefined || given === null) return [];

  const list: readonly Json[] = Array.isArray(given) ? given : [given];
  return list.map((word) => {
    if (typeof word === 'string' && word !== '') return word;
    throw notWords(hint, 'with words only');
  });
}

function notWords(hint: HintName, how: string): ProviderError {
  return new ProviderError('invalid', `hint ${hint} is not what it should be`, {
    userMessage: `Give the hint ${hint} ${hint.endsWith('_host') ? '' : 'once, '}${how}.`,
  });
}

function toMarket(market: string): Ec2Market {
  if (market === 'on-demand' || market === 'spot') return market;
  throw new ProviderError('invalid', `unknown market ${market}`, {
    userMessage: `There is no market "${market.slice(0, 40)}"; use on-demand or spot.`,
  });
}
