import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SchemaStatus, type Store, StoreError } from '@burstcell/store';
import { runCli } from '../../src/cli/cli.js';
import type { CliContext } from '../../src/cli/cli-context.js';
import { ConfigError } from '../../src/config/config-error.js';

type Cell = Awaited<ReturnType<Store['cells']['list']>>[number];

export const MINIMUM =
  '[DEFAULT]\ntransport_url = rabbit://burst:s3cret@broker:5672/ec2\n[database]\nconnection = postgresql://burstcell@db/burstcell\n[cells]\nname = ec2\n';

export interface Outcome {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** A command line's world: a configuration, a cells table in memory, and what was printed. */
export class CliWorld {
  readonly cells: Cell[] = [];
  readonly opened: string[] = [];
  readonly probed: string[] = [];
  /** Whether there is an events queue, or what is wrong with it. */
  events: boolean | Error = false;
  closed = 0;
  input = '';
  schema: SchemaStatus = { state: 'current', applied: ['0001_first'], pending: [], unknown: [] };
  brokersDown = false;
  providerIsWrong = false;
  readonly #folder = mkdtempSync(join(tmpdir(), 'burstcell-cli-'));
  readonly configFile = join(this.#folder, 'burstcell.conf');

  constructor(configuration = MINIMUM) {
    writeFileSync(this.configFile, configuration);
  }

  dispose(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Runs a command line, with this world's configuration unless it names its own. */
  async run(...args: readonly string[]): Promise<Outcome> {
    const lines: { out: string[]; err: string[] } = { out: [], err: [] };
    const exitCode = await runCli([...args, '--config-file', this.configFile], this.#context(lines));
    return { exitCode, out: lines.out.join('\n'), err: lines.err.join('\n') };
  }

  #context(lines: { out: string[]; err: string[] }): CliContext {
    return {
      print: (line) => lines.out.push(line),
      complain: (line) => lines.err.push(line),
      readInput: async () => this.input,
      providerOptions: async () => [],
      database: {
        open: async (url) => {
          this.opened.push(url);
          const close = async () => {
            this.closed += 1;
          };
          return { cells: this.#table(), close };
        },
        migrate: async () => this.schema.pending,
        status: async () => this.schema,
      },
      probeBroker: async (url) => {
        this.probed.push(url);
        if (this.brokersDown) throw new Error('connection refused');
      },
      checkProvider: async () => {
        if (this.providerIsWrong) throw new ConfigError('[ec2] region is not set', 'Set it.');
      },
      probeEvents: async () => {
        if (this.events instanceof Error) throw this.events;
        return this.events;
      },
      runCell: async (config) => (config.cells.name === 'ec2' ? 0 : 1),
    };
  }

  #table(): Store['cells'] {
    return {
      list: async () => this.cells,
      create: async (cell) => {
        if (this.cells.some(({ name }) => name === cell.name)) throw new StoreError('exists', `a cell ${cell.name} exists`);
        const row = { id: this.cells.length + 1, ...cell };
        this.cells.push(row);
        return row;
      },
      delete: async (name) => {
        const index = this.cells.findIndex((cell) => cell.name === name);
        if (index >= 0) this.cells.splice(index, 1);
        return index >= 0;
      },
    };
  }
}
