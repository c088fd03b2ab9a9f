import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import type { CliContext } from './cli-context.js';
import { addAdoptCommand } from './commands/adopt.js';
import { addCaptureCommand } from './commands/capture.js';
import { addCellCommands } from './commands/cell.js';
import { addDbCommands } from './commands/db.js';
import { addDoctorCommand } from './commands/doctor.js';
import { addExplainCommand } from './commands/explain.js';
import { addImportsCommand } from './commands/imports.js';
import { addRegisterCommand } from './commands/register.js';
import { addReplayCommand } from './commands/replay.js';
import { addRunCommand } from './commands/run.js';
import { withExamples } from './examples.js';

/** Every command with its options and help. `exit` is told an exit code other than 0. */
export function makeProgram(context: CliContext, exit: (code: number) => void): Command {
  const program = new Command('burstcell')
    .description('A nova cells v1 child cell whose instances run on a public cloud.')
    .version(version())
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ writeOut: (text) => context.print(text.trimEnd()), writeErr: (text) => context.complain(text.trimEnd()) })
    .configureHelp({ helpWidth: HELP_WIDTH, sortSubcommands: false })
    .showHelpAfterError('(add --help for what is possible)');
  withExamples(program, [
    [
      'prepare the database, name the parent, run',
      'burstcell db migrate && burstcell cell create --name api --cell_type parent … && burstcell run',
    ],
    ['what the parent needs', 'burstcell register --release rocky'],
  ]);
  addRunCommand(program, context, exit);
  addDbCommands(program, context);
  addCellCommands(program, context);
  addRegisterCommand(program, context);
  addDoctorCommand(program, context, exit);
  addExplainCommand(program, context, { exit });
  addImportsCommand(program, context);
  addAdoptCommand(program, context, { exit });
  addCaptureCommand(program, context);
  addReplayCommand(program, context, exit);
  return program;
}

/** Help is the same on every terminal, for the reference is made of it. */
const HELP_WIDTH = 100;

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : 'unknown';
}
