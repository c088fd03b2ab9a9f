import type { Store } from '@burstcell/store';
import { formatTransportUrl, type ParsedTransportUrl, parseTransportUrl } from '@burstcell/wire';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CellConfig } from '../../config/cell-config.js';
import type { CliContext } from '../cli-context.js';
import { CliError, ExitCode } from '../cli-error.js';
import { type ConfigFileOptions, readConfig, withConfigFile } from '../config-file.js';
import { withExamples } from '../examples.js';
import { table } from '../table.js';

interface CreateOptions extends ConfigFileOptions {
  readonly name: string;
  readonly cell_type: 'parent' | 'api' | 'child' | 'compute';
  readonly username: string;
  readonly password: string;
  readonly hostname?: string;
  readonly port: number;
  readonly broker_hosts?: readonly Address[];
  readonly virtual_host: string;
  readonly woffset: number;
  readonly wscale: number;
}

interface Address {
  readonly hostname: string;
  readonly port: number;
}

const DEFAULT_PORT = 5672;
const MAX_PORT = 65_535;

/** `burstcell cell create|list|delete`, with the flags of `nova-manage cell`. */
export function addCellCommands(program: Command, context: CliContext): void {
  const cell = program
    .command('cell')
    .description('The neighbour cells: the parent, and cells below this one.')
    .helpCommand(false);
  addCreate(cell, context);
  addList(cell, context);
  addDelete(cell, context);
}

function addCreate(cell: Command, context: CliContext): void {
  const create = cell
    .command('create')
    .description(
      "Makes a neighbour known, with the flags of 'nova-manage cell create'. A running cell notices within [cells] db_check_interval.",
    )
    .requiredOption('--name <name>', "the neighbour's own [cells] name", parseName)
    .addOption(
      new Option('--cell_type <type>', 'what it is to this cell')
        .choices(['parent', 'api', 'child', 'compute'])
        .makeOptionMandatory(),
    )
    .requiredOption('--username <user>', 'user on its broker')
    .requiredOption('--password <password>', "that user's password; - reads it from standard input")
    .option('--hostname <host>', 'host of its broker')
    .option('--port <port>', 'port of its broker', parsePort, DEFAULT_PORT)
    .option('--broker_hosts <host:port,…>', 'several hosts, in place of --hostname and --port', parseAddresses)
    .option('--virtual_host <name>', 'virtual host on its broker', '/')
    .option('--woffset <number>', "weight offset, for nova's cell scheduler", parseNumber, 1)
    .option('--wscale <number>', "weight scale, for nova's cell scheduler", parseNumber, 1)
    .action((options: CreateOptions) => withCells(options, context, true, (cells) => createCell(options, context, cells)));
  withExamples(withConfigFile(create), [
    [
      'the parent',
      'burstcell cell create --name api --cell_type parent --username nova --password - --hostname 10.0.0.2 --virtual_host /',
    ],
    [
      'a broker of several hosts',
      'burstcell cell create --name api --cell_type parent --username nova --password - --broker_hosts mq1:5672,mq2:5672',
    ],
  ]);
}

function addList(cell: Command, context: CliContext): void {
  const list = cell
    .command('list')
    .description('Lists the neighbours. Passwords are not shown.')
    .action((options: ConfigFileOptions) => withCells(options, context, false, (cells) => listCells(context, cells)));
  withExamples(withConfigFile(list), [['who is known?', 'burstcell cell list']]);
}

function addDelete(cell: Command, context: CliContext): void {
  const remove = cell
    .command('delete')
    .description('Forgets a neighbour.')
    .requiredOption('--cell_name <name>', 'its name')
    .action((options: ConfigFileOptions & { readonly cell_name: string }) =>
      withCells(options, context, true, async (cells) => {
        if (!(await cells.delete(options.cell_name)))
          throw new CliError(`there is no cell ${options.cell_name}`, "See 'burstcell cell list'.");
        context.print(`cell ${options.cell_name} is forgotten`);
      }),
    );
  withExamples(withConfigFile(remove), [['the parent moved to another name', 'burstcell cell delete --cell_name api']]);
}

/** Opens the table, and refuses to change it where a file stands in its place, as nova does. */
async function withCells(
  options: ConfigFileOptions,
  context: CliContext,
  isChange: boolean,
  work: (cells: Store['cells']) => Promise<void>,
): Promise<void> {
  const config = await readConfig(options, context);
  refuseForeignSource(config, isChange);
  const store = await context.database.open(config.database.connection);
  try {
    await work(store.cells);
  } finally {
    await store.close();
  }
}

function refuseForeignSource({ cells: { cellsConfig } }: CellConfig, isChange: boolean): void {
  if (cellsConfig === null) return;
  const what = isChange ? 'cells cannot be changed' : 'the cells table is not used';
  throw new CliError(`${what}: [cells] cells_config is set`, `See or edit ${cellsConfig}.`, { exitCode: ExitCode.USAGE });
}

async function createCell(options: CreateOptions, context: CliContext, cells: Store['cells']): Promise<void> {
  const password = options.password === '-' ? (await context.readInput()).replace(/\r?\n$/, '') : options.password;
  const { name } = await cells.create({
    name: options.name,
    api_url: null,
    transport_url: formatTransportUrl(brokerOf(options, password)),
    weight_offset: options.woffset,
    weight_scale: options.wscale,
    is_parent: options.cell_type === 'parent' || options.cell_type === 'api',
  });
  context.print(`cell ${name} is known`);
}

function brokerOf({ broker_hosts, hostname, port, username, virtual_host }: CreateOptions, password: string): ParsedTransportUrl {
  if (broker_hosts === undefined && hostname === undefined)
    throw new CliError('no broker is given', 'Give --hostname or --broker_hosts.', { exitCode: ExitCode.USAGE });
  const addresses = broker_hosts ?? [{ hostname: hostname ?? '', port }];
  return {
    scheme: 'rabbit',
    hosts: addresses.map((address) => ({ ...address, username, password })),
    virtualHost: virtual_host,
    query: {},
  };
}

async function listCells(context: CliContext, cells: Store['cells']): Promise<void> {
  const rows = (await cells.list()).map((cell) => {
    const { hosts, virtualHost } = parseTransportUrl(cell.transport_url);
    const addresses = hosts.map((host) => `${host.hostname}:${host.port}`).join(', ');
    return [cell.id, cell.name, cell.is_parent ? 'parent' : 'child', hosts[0]?.username ?? '', addresses, virtualHost];
  });
  context.print(table(['Id', 'Name', 'Type', 'Username', 'Brokers', 'Virtual Host'], rows));
}

/** `!` separates the cells of a routing path, `@` a cell from a host or id (nova/cells/utils.py). */
function parseName(text: string): string {
  if (/[!@\s]/.test(text) || text === '') throw new InvalidArgumentError('It must not hold !, @ or spaces.');
  return text;
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= MAX_PORT) return port;
  throw new InvalidArgumentError(`It must be a number from 1 to ${MAX_PORT}.`);
}

function parseNumber(text: string): number {
  const number = Number(text);
  if (text.trim() !== '' && Number.isFinite(number)) return number;
  throw new InvalidArgumentError('It must be a number.');
}

function parseAddresses(text: string): readonly Address[] {
  return text.split(',').map((part) => {
    const match = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d+))?$/.exec(part.trim());
    const hostname = match?.[1] ?? match?.[2];
    if (hostname === undefined) throw new InvalidArgumentError('It must be host:port,host:port.');
    return { hostname, port: match?.[3] === undefined ? DEFAULT_PORT : parsePort(match[3]) };
  });
}
