import { CommanderError } from 'commander';
import type { CliContext } from './cli-context.js';
import { ExitCode } from './cli-error.js';
import { describeFailure } from './failure.js';
import { makeProgram } from './program.js';

/** Runs one command line and answers the exit code. Failures are one line on standard error and a remedy. */
export async function runCli(args: readonly string[], context: CliContext): Promise<number> {
  let exitCode: number = ExitCode.OK;
  const program = makeProgram(context, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    // Commander has printed its own complaint, or the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.OK : ExitCode.USAGE;
    const failure = describeFailure(error);
    context.complain(`burstcell: ${failure.message}`);
    if (failure.remedy !== undefined) context.complain(`  ${failure.remedy}`);
    return failure.exitCode;
  }
}
