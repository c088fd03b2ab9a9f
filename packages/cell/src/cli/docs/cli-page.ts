import type { Command } from 'commander';

const INTRO = `# The burstcell command

<!-- Generated from the commands' own help by \`npm run docs\`. -->

Exit codes: 0 done, 1 could not be done, 2 wrong arguments or configuration (nothing was tried). Errors are one line on
standard error, followed by what to do. Results go to standard output. Passwords are only printed by
\`burstcell register --show-passwords\`.
`;

/** \`docs/reference/cli.md\`, whole: each command's own help. */
export function cliPage(program: Command): string {
  return [INTRO, ...[program, ...leaves(program)].map((command) => sectionOf(command))].join('\n');
}

/** The commands that do something, with the words that lead to them. */
function leaves(command: Command): readonly Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap((child) => leaves(child));
}

function sectionOf(command: Command): string {
  return [`## ${pathOf(command)}`, '', '```text', helpOf(command), '```', ''].join('\n');
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

/** The help as it is printed, examples included. */
function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
  });
  command.outputHelp();
  return text.trimEnd();
}
