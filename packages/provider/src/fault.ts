import type { ProviderErrorKind } from './errors.js';
import type { Provider } from './provider.js';

/** The methods of a provider that reach its cloud; `explain` reaches it as `offerings` does. */
export type ProviderVerb = Exclude<
  keyof Provider,
  'name' | 'imageProperty' | 'importImage' | 'imports' | 'freeze' | 'admit' | 'explain' | 'close'
>;

/**
 * One planned misfortune of a test.
 *
 * `before`: the cloud does nothing and answers with the error. `after`: the cloud does what
 * was asked, and the answer is replaced by the error (a lost reply).
 *
 * `connection-reset`: no answer, seen at once. `silence`: no answer ever; only an abort
 * signal ends the wait.
 */
export interface Fault {
  readonly on: ProviderVerb;
  readonly when: 'before' | 'after';
  readonly error: ProviderErrorKind | 'connection-reset' | 'silence';
  /** How many calls it befalls; 1 unless told, `Infinity` for all that follow. */
  readonly times?: number;
}
