/**
 * How an option's text is read.
 * - `string`, `integer`, `number`, `boolean` (oslo.config's words: true, on, yes, 1, …)
 * - `secret`: a string that is never shown; `url`: a string whose password is never shown
 * - `list`: `a,b,c`; of a repeated key the last line counts, as in oslo.config
 * - `multi`: one value a line, all lines of all files count
 * - `map`: `name:value,…`, `lists`: `name:a|b,…`: read by the provider they belong to
 */
export type OptionType = 'string' | 'secret' | 'url' | 'boolean' | 'integer' | 'number' | 'list' | 'multi' | 'map' | 'lists';

export interface ConfigOption {
  readonly name: string;
  readonly type: OptionType;
  /** As it would stand in the file; null = not set. */
  readonly default: string | null;
  readonly help: string;
  readonly choices?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  /** Must be set. */
  readonly isRequired?: boolean;
  /** Older names of nova's that mean the same: `group.name`. */
  readonly aliases?: readonly string[];
  /** What the reference shows in place of a default that is computed. */
  readonly defaultShown?: string;
}

/** A section of the file. */
export interface OptionGroup {
  readonly name: string;
  /** In nova's sections unknown keys are nova's and ignored; in ours they are errors. */
  readonly owner: 'nova' | 'burstcell';
  readonly intro: string;
  readonly options: readonly ConfigOption[];
}
