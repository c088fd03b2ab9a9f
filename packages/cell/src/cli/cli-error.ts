/** What a shell sees (sysexits are avoided: nova-manage uses 0, 1 and 2 as well). */
export const ExitCode = {
  OK: 0,
  /** It was understood and could not be done. */
  FAILED: 1,
  /** Wrong arguments or a wrong configuration: nothing was tried. */
  USAGE: 2,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** A failure for a person: one line, and what to do about it. */
export class CliError extends Error {
  override readonly name = 'CliError';

  readonly exitCode: ExitCode;

  constructor(
    message: string,
    readonly remedy: string,
    options: ErrorOptions & { readonly exitCode?: ExitCode } = {},
  ) {
    super(message, options);
    this.exitCode = options.exitCode ?? ExitCode.FAILED;
  }
}
