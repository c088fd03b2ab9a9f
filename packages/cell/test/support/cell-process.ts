import { join } from 'node:path';
import { type Ini, type LinkNames, writeIni } from './cell-config.js';
import { repository } from './environment.js';
import { runToEnd, WatchedProcess } from './processes.js';
import { TRANSIENT_TTL_S } from './timings.js';

const PROGRAM = join(repository, 'packages/cell/dist/src/cli/burstcell.js');

export interface CellOptions {
  readonly folder: string;
  readonly names: LinkNames;
  readonly amqpUrl: string;
  readonly databaseUrl: string;
  readonly apiDatabaseUrl?: string;
  readonly release: string;
  /** Keys laid over what every run sets. */
  readonly ini?: Ini;
  onLine?(line: string): void;
}

/** One cell: a configuration file, and any number of replicas that run with it. */
export class Cell {
  readonly configFile: string;

  constructor(private readonly options: CellOptions) {
    this.configFile = writeIni(options.folder, 'burstcell.conf', sections(options));
  }

  /** `burstcell db migrate` and `burstcell cell create`: what an operator does once. */
  async prepare(): Promise<void> {
    await this.command(['db', 'migrate']);
    await this.command(['cell', 'create', ...neighbour(this.options)]);
  }

  /** Any other command of the CLI; resolves with what it printed. */
  command(args: readonly string[]): Promise<string> {
    return runToEnd({
      name: `burstcell ${args.slice(0, 2).join(' ')}`,
      program: PROGRAM,
      args: [...args, '--config-file', this.configFile],
    });
  }

  /** Starts a replica; resolves when it says that it is up. */
  async run(replica = 0): Promise<WatchedProcess> {
    const watched = this.spawn(replica);
    await watched.line((line) => (line.includes('"msg":"cell is up"') ? true : undefined));
    return watched;
  }

  /** Starts a replica and does not wait. Each has a `[DEFAULT] host` of its own. */
  spawn(replica: number): WatchedProcess {
    const host = writeIni(this.options.folder, `replica-${replica}.conf`, { DEFAULT: { host: `replica-${replica}` } });
    return WatchedProcess.spawn({
      name: `cell replica ${replica}`,
      program: PROGRAM,
      args: ['run', '--config-file', this.configFile, '--config-file', host],
      logFile: join(this.options.folder, `replica-${replica}.log`),
      ...(this.options.onLine === undefined ? {} : { onLine: this.options.onLine }),
    });
  }
}

function sections(options: CellOptions): Ini {
  const { names } = options;
  const base: Ini = {
    DEFAULT: { transport_url: novaUrl(options.amqpUrl), control_exchange: names.childExchange },
    database: { connection: options.databaseUrl },
    api_database: { connection: options.apiDatabaseUrl },
    cells: { name: names.childName, rpc_driver_queue_base: names.childQueueBase, db_check_interval: 5 },
    oslo_messaging_rabbit: { rabbit_transient_queues_ttl: TRANSIENT_TTL_S },
    burst: {
      parent_release: options.release,
      parent_control_exchange: names.parentExchange,
      parent_queue_base: names.parentQueueBase,
      max_instances: 100_000,
      max_vcpus: 1_000_000,
      max_ram_mb: 1_000_000_000,
      max_disk_gb: 10_000_000,
    },
  };
  return merged(base, options.ini ?? {});
}

function merged(base: Ini, over: Ini): Ini {
  const names = [...new Set([...Object.keys(base), ...Object.keys(over)])];
  return Object.fromEntries(names.map((name) => [name, { ...base[name], ...over[name] }]));
}

/** The flags of `nova-manage cell create` for the parent's broker. */
function neighbour({ amqpUrl, names }: CellOptions): string[] {
  const url = new URL(amqpUrl);
  const virtualHost = decodeURIComponent(url.pathname.slice(1)) || '/';
  const flags = {
    name: names.parentName,
    cell_type: 'parent',
    username: decodeURIComponent(url.username || 'guest'),
    password: decodeURIComponent(url.password || 'guest'),
    hostname: url.hostname,
    port: url.port || '5672',
    virtual_host: virtualHost,
    woffset: '1',
    wscale: '1',
  };
  return Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, value]);
}

/** nova writes `rabbit://` where others write `amqp://`. */
function novaUrl(amqpUrl: string): string {
  return amqpUrl.replace(/^amqp:/, 'rabbit:');
}
