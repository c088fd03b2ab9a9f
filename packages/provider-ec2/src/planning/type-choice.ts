import type { ProviderError } from '@burstcell/provider';
import type { Ec2SizeSettings } from '../settings/config.js';
import type { CatalogueFacts } from './catalogue.js';
import type { PriceOf } from './rank.js';

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
  /** Of the image; absent for all that is not Windows. */
  readonly platform?: 'windows' | undefined;
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

export const LATE = 'fits, but comes after the number of candidates tried (max_candidates)';
export const NOT_HINTED = 'not the type that the hint names';
