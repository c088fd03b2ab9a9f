/**
 * What a message would have done to a real parent.
 * `lost`: the parent drops it with an error in its log. `harm`: it breaks a listing, a row or a user's next verb.
 * `risk`: it goes well now, and would not in another moment. `useless`: it costs work and changes nothing.
 */
export type Severity = 'lost' | 'harm' | 'risk' | 'useless';

export interface Violation {
  readonly severity: Severity;
  /** Short and stable, for tests: `bad-object-version`, `ghost`, … */
  readonly code: string;
  readonly text: string;
  readonly method: string;
  readonly uuid: string | null;
}

/** Thrown where a real parent's handling ends with an exception. */
export class Lost extends Error {
  override readonly name = 'Lost';
  constructor(
    readonly code: string,
    text: string,
    readonly severity: Severity = 'lost',
  ) {
    super(text);
  }
}

/** Collects what is wrong with one message. */
export class Findings {
  readonly found: { readonly severity: Severity; readonly code: string; readonly text: string }[] = [];

  add(severity: Severity, code: string, text: string): void {
    this.found.push({ severity, code, text });
  }
}
