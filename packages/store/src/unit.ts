import type { Write } from './write.js';

/**
 * A unit of work: guards and writes that are applied whole or not at all. The store gathers
 * units that arrive while a transaction is under way and commits them together, so a unit is
 * written as if it were alone, and costs a fraction of a commit under load.
 *
 * Units that touch the same instance, operation, message or launch are applied in the order in which they were handed in.
 * The writes of one unit are applied by kind in the order of `writes/registry.ts`, whatever the order they are listed in
 * (an instance before what is said of it, cancelling before what joins); two of one kind in the order given.
 *
 * A commit that rejects with `bad-value` was not applied; after `unavailable` it may have been, and may be repeated: its
 * guards, and the keys of what it inserts, make a repeat harmless.
 */
export interface Unit {
  readonly guards?: readonly Guard[];
  readonly writes: readonly Write[];
}

/** A condition checked, under a row lock, in the unit's own transaction. */
export type Guard =
  /** The message was never seen before; records it in the inbox. */
  | { readonly guard: 'new-message'; readonly uuid: string; readonly method: string }
  /** The operation is still leased to us under this fence and not finished. */
  | { readonly guard: 'operation-held'; readonly id: string; readonly fence: string }
  /** The instance exists undeleted, in one of these states (absent list: any). `null` stands for no task. */
  | {
      readonly guard: 'instance-in';
      readonly uuid: string;
      readonly vmStates?: readonly string[];
      readonly taskStates?: readonly (string | null)[];
    };

/**
 * - `done`: applied.
 * - `duplicate`: the message was seen before; nothing applied.
 * - `fenced`: somebody else has the operation, or it is finished; nothing applied.
 * - `conflict`: the instance is not in a wanted state, or gone; nothing applied.
 */
export type CommitResult = 'done' | 'duplicate' | 'fenced' | 'conflict';
