import type { ProviderErrorKind } from '@burstcell/provider';

/** What the parent's scheduler is told afterwards about the flavor that was asked for, and the others. */
export type CapacityWord = 'unchanged' | 'less' | 'none for the flavor' | 'none';

/** One failure of EC2, and what must come of it. */
export interface FailureRow {
  readonly code: string;
  /** EC2's message, where its wording matters. */
  readonly text?: string;
  /** EC2's action that fails. */
  readonly at: string;
  /** What the user does: `boot`, or a verb on a server that runs. */
  readonly verb: string;
  /** How often it fails; null: always. */
  readonly times: number | null;
  /** `after`: it took effect, and the answer was lost. */
  readonly when?: 'after';
  /** The server is booted with a key pair. */
  readonly hasKeyPair?: true;
  /** It is to have an elastic address. */
  readonly hasAddress?: true;
  /** Builds of this row's cell end after seconds, not minutes. */
  readonly isHurried?: true;
  readonly wanted: Wanted;
}

export interface Wanted {
  readonly kind: ProviderErrorKind;
  /** `ACTIVE`, `done`, or code and text of the fault in `nova show`; of a verb, the text of its action. */
  readonly sees: RegExp;
  /** Null: the failure is not about a launch. */
  readonly isNextTried: boolean | null;
  readonly capacity: CapacityWord;
}

/** The same, as it was. */
export interface Seen {
  readonly kind: ProviderErrorKind;
  readonly sees: string;
  readonly isNextTried: boolean | null;
  readonly capacity: CapacityWord;
  /** Machines that run for nobody. */
  readonly machinesLeft: number;
}
