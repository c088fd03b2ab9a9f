import type { OutboxEntry } from '@burstcell/store';

/**
 * - `taken`: the parent has it, as far as can be known (v1: its broker confirmed).
 * - `stale`: the parent knows better; what it knows must be read before more is said.
 * - `gone`: the parent has no such instance.
 * - `later`: it could not be said now.
 */
export type Verdict = 'taken' | 'stale' | 'gone' | 'later';

/** The way to whoever owns this cell. A front implements it; the core says everything through it. */
export interface ParentLink {
  /** Says these, each as the rows stand now; a verdict for each, in order. Never rejects. */
  deliver(entries: readonly OutboxEntry[]): Promise<readonly Verdict[]>;

  /**
   * In how many messages of kind `adoption` (payload `part`: 0, 1, …) this parent is told of a server that it did not boot,
   * each once what the one before it said was stored; or why it cannot be told, for people. Null: not known yet.
   */
  adoption(): { readonly parts: number } | { readonly refusal: string } | null;

  /** The public key of that name, asked of the parent where the cell does not know it; null when there is none. */
  publicKey(userId: string, name: string, signal: AbortSignal): Promise<string | null>;
}
