import { ProviderError } from '@burstcell/provider';
import { CliError, ExitCode } from './cli-error.js';

/** What providers throw, as a line and a remedy; all else stays as it is. */
export function readable(error: unknown): unknown {
  if (error instanceof ProviderError) {
    return new CliError(error.message, 'Check the credentials and the section of the provider, then try again.', {
      cause: error,
    });
  }
  if (error instanceof Error && 'remedy' in error && typeof error.remedy === 'string' && !(error instanceof CliError)) {
    return new CliError(error.message, error.remedy, { cause: error, exitCode: ExitCode.USAGE });
  }
  return error;
}
