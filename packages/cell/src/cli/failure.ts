import { StoreError, type StoreErrorKind } from '@burstcell/store';
import { TransportError, WireError } from '@burstcell/wire';
import { ConfigError } from '../config/config-error.js';
import { CliError, ExitCode } from './cli-error.js';

/** A failure as it is shown. */
export interface Failure {
  readonly message: string;
  readonly remedy?: string;
  readonly exitCode: ExitCode;
}

const STORE_REMEDIES: Readonly<Record<StoreErrorKind, string>> = {
  'schema-old': "Run 'burstcell db migrate'.",
  'schema-new': 'Use a burstcell at least as new as the one that migrated this database.',
  exists: 'Choose another name, or delete the old one first.',
  unavailable: 'Check [database] connection, and that the server runs and lets this user in.',
  'bad-value': 'Correct the value.',
};

/** Turns what a command threw into what a person reads. Errors that are none of these are bugs: they keep their stack. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof CliError) return { message: error.message, remedy: error.remedy, exitCode: error.exitCode };
  if (error instanceof ConfigError) return { message: error.message, remedy: error.remedy, exitCode: ExitCode.USAGE };
  if (error instanceof StoreError)
    return { message: error.message, remedy: STORE_REMEDIES[error.kind], exitCode: ExitCode.FAILED };
  if (error instanceof WireError) return { message: error.message, exitCode: ExitCode.USAGE };
  if (error instanceof TransportError) {
    return {
      message: error.message,
      remedy: 'Check the transport_url, and that the broker runs and lets this user in.',
      exitCode: ExitCode.FAILED,
    };
  }
  return { message: error instanceof Error ? (error.stack ?? error.message) : String(error), exitCode: ExitCode.FAILED };
}
