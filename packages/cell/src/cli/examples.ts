import type { Command } from 'commander';

/** Ends a command's help with examples, each a comment and the command line it explains. */
export function withExamples(command: Command, examples: readonly (readonly [what: string, line: string])[]): Command {
  const lines = examples.map(([what, line]) => `  # ${what}\n  $ ${line}`);
  return command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
}
