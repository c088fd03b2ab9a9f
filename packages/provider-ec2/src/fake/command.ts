import { parseArgs } from 'node:util';
import type { ListeningServer } from './http-kit.js';

/** An option of a command: its value's name, or null for a switch; and what it is for. */
export type CommandOptions = Readonly<Record<string, { readonly value: string | null; readonly help: string }>>;

const COMMON: CommandOptions = {
  port: { value: 'PORT', help: 'listen on this port of 127.0.0.1; 0 takes a free one (default 0)' },
  'until-stdin-ends': { value: null, help: 'end when standard input does: with the process that started this one' },
  help: { value: null, help: 'show this' },
};

export interface Command {
  readonly name: string;
  readonly about: string;
  readonly options: CommandOptions;
  /** Throws a {@link UsageError} for options that make no sense. */
  start(values: CommandValues): Promise<ListeningServer>;
}

/** Options as given; a switch is true. */
export type CommandValues = Readonly<Record<string, string | boolean | undefined>>;

/** Options that make no sense: the command says so and exits with 2. */
export class UsageError extends Error {}

/**
 * Runs a server as a command: prints one line of JSON (`port`, `url`) when it is ready and
 * ends on SIGTERM or SIGINT.
 */
export async function runCommand(command: Command): Promise<void> {
  try {
    const values = readValues(command);
    if (values.help === true) {
      process.stdout.write(helpText(command));
      return;
    }
    const server = await command.start(values);
    endWith(server, values['until-stdin-ends'] === true);
    process.stdout.write(`${JSON.stringify({ port: server.port, url: server.url })}\n`);
  } catch (error) {
    process.stderr.write(`${command.name}: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}

/** A whole number from 0, or undefined when the option was not given. Throws a {@link UsageError}. */
export function integerOption(values: CommandValues, name: string): number | undefined {
  const value = values[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || !/^\d{1,9}$/.test(value))
    throw new UsageError(`--${name} wants a whole number, not '${value}'`);
  return Number(value);
}

function readValues({ options }: Command): CommandValues {
  const all = Object.entries({ ...options, ...COMMON });
  try {
    const types = all.map(([name, { value }]) => [name, { type: value === null ? 'boolean' : 'string' }] as const);
    return parseArgs({ options: Object.fromEntries(types) }).values as CommandValues;
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('\n')[0]} Try --help.`);
  }
}

function helpText({ name, about, options }: Command): string {
  const rows = Object.entries({ ...options, ...COMMON }).map(
    ([option, { value, help }]) => `  --${option}${value === null ? '' : ` ${value}`}`.padEnd(26) + help,
  );
  return `Usage: node ${name} [options]\n\n${about}\n\n${rows.join('\n')}\n`;
}

function endWith(server: ListeningServer, untilStdinEnds: boolean): void {
  const end = () => {
    process.stdin.destroy();
    void server.close();
  };
  process.once('SIGTERM', end).once('SIGINT', end);
  if (untilStdinEnds) process.stdin.once('end', end).once('error', end).resume();
}
