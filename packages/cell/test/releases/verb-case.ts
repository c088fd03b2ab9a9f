import type { World } from './world.js';

/** One row of the verb table: what a user does, and what must be true afterwards. */
export interface VerbCase {
  /** As the support matrix names it. */
  readonly verb: string;
  /**
   * Resolves when all came to rest as wanted. Rejects with `Refused` or a `RemoteError` where the cell says no, with
   * `NeverSent` where the parent sends nothing; anything else is a failure.
   */
  readonly run: (world: World) => Promise<void>;
  /** It disturbs the others: it runs when they are done. */
  readonly alone?: boolean;
}
