/** Where a value stands. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** A configuration that cannot be used: where, what is wrong, what to do. The message never holds a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(
    problem: string,
    readonly remedy: string,
    readonly place?: Place,
  ) {
    super(place === undefined ? problem : `${place.file}:${place.line}: ${problem}`);
  }
}
