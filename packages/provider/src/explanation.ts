import type { ProviderErrorKind } from './errors.js';
import type { ImageSource } from './image-import.js';
import type { LaunchRequest } from './launch.js';
import type { CallOptions } from './provider.js';

/** What one machine costs an hour, and how far that can be trusted. */
export interface HourlyPrice {
  readonly amount: number;
  /** ISO 4217. */
  readonly currency: string;
  /**
   * `listed`: the vendor's figure, or the operator's own; `current`: the market's of this moment (EC2: spot);
   * `estimated`: ours, good for comparing and never for billing.
   */
  readonly basis: 'listed' | 'current' | 'estimated';
  /** Where the figure comes from, for people. */
  readonly source: string;
}

/**
 * What becomes of a candidate: `chosen` is what a boot would try now, `next` what it would try after a refusal,
 * `passed-over` what it would not try, for the reason given.
 */
export type Standing = 'chosen' | 'next' | 'passed-over';

/** One place and way to run, in the order in which the planner looks at them. */
export interface ExplainedCandidate {
  /** The vendor's name of the size (EC2: instance type). */
  readonly size: string;
  readonly zone: string;
  /** `on-demand`, `spot`, …; null where the vendor has one market. */
  readonly market: string | null;
  /** The vendor's network (EC2: subnet) of the first interface; null when it does not matter. */
  readonly network: string | null;
  /** Null when nothing is known of it. */
  readonly hourlyPrice: HourlyPrice | null;
  readonly standing: Standing;
  /** Why it is passed over, in words for people; null otherwise. */
  readonly reason: string | null;
  /** ISO 8601: until when the reason holds; null when it does not end by itself. */
  readonly until: string | null;
}

/** A size that was looked at and is nowhere a candidate. */
export interface PassedOverSize {
  readonly size: string;
  readonly reason: string;
  readonly hourlyPrice: HourlyPrice | null;
}

/** How an image without a counterpart at the vendor comes there before the boot. */
export interface ExplainedImport {
  readonly state: 'needed' | 'under-way' | 'done';
  /** 0 to 100; null where nobody says. */
  readonly progress: number | null;
  /** Where its data goes by (EC2: a bucket). */
  readonly by: string;
  /** As its image service says; null where that could not be asked. */
  readonly format: string | null;
  readonly sizeBytes: number | null;
  readonly architecture: string;
  /** Nothing says its architecture: it is taken for the usual one. */
  readonly isAssumed: boolean;
}

/** What a boot would become, and why not something else. Plain data. */
export interface Explanation {
  /** The image at the vendor; null when none was found, or it is not imported yet. */
  readonly image: { readonly id: string; readonly name: string; readonly architecture: string } | null;
  /** Absent: the image needs none, or nothing can be imported. */
  readonly imageImport?: ExplainedImport;
  readonly candidates: readonly ExplainedCandidate[];
  readonly sizesPassedOver: readonly PassedOverSize[];
  /** What of the request is ignored or means something else here, a sentence each. */
  readonly notes: readonly string[];
  /** What the boot would be refused with; null when one candidate is chosen. */
  readonly refusal: {
    readonly kind: ProviderErrorKind;
    readonly message: string;
    /** What the tenant would read. */
    readonly userMessage: string;
  } | null;
}

export interface ExplainOptions extends CallOptions {
  /**
   * The image's data, of which nothing is read. Absent: there is nowhere to import it from; null: nothing is known of it.
   * One that rejects with `unavailable` leaves that open too; what else it rejects with is what a boot would be refused with.
   */
  readonly source?: () => Promise<ImageSource | null>;
}

/** {@link Provider.explain}. */
export type Explain = (request: LaunchRequest, options?: ExplainOptions) => Promise<Explanation>;
