import type { ProviderState } from './observed.js';
import type { CallOptions } from './provider.js';

/** What a vendor is about to do to a machine, or has to say about it, for people. */
export interface ProviderNotice {
  /** Names this notice: one of the same id is the same, said again. */
  readonly id: string;
  readonly text: string;
}

/** One machine of which the vendor says something. Only a reason to look: what it says may be old when it is read. */
export interface ProviderChange {
  readonly providerId: string;
  /** What it has become by the vendor's word; null when it does not say. */
  readonly state: ProviderState | null;
  readonly notice: ProviderNotice | null;
}

export interface ProviderChanges {
  readonly changes: readonly ProviderChange[];
  /** To be called once they are recorded: the vendor may forget them. Until then they come again. Repeat-safe. */
  settle(options?: CallOptions): Promise<void>;
}
