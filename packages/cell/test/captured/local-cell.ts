import { rmSync } from 'node:fs';
import { SimulatedCloud, Simulator } from '@burstcell/provider/simulator';
import { openStore, type Store } from '@burstcell/store';
import { createTestDatabase, type TestDatabase } from '@burstcell/store/testing';
import type { InterCellMessage, Release } from '@burstcell/wire';
import pg from 'pg';
import { pino } from 'pino';
import { register } from 'prom-client';
import { Cell } from '../../src/cell.js';
import { loadConfig } from '../../src/config/config.js';
import { cellsV1Options } from '../../src/fronts/cells-v1/options-from-config.js';
import { type Ini, writeIni } from '../support/cell-config.js';
import { runFolder } from '../support/environment.js';
import { until } from '../support/until.js';
import type { Letter, Settled } from './local-broker.js';
import { LocalFront } from './local-front.js';

export interface LocalCellOptions {
  readonly release: Release;
  readonly name: string;
  readonly parentName: string;
  /** Its one compute host, `prefix-zone`: recorded questions name the recorded child's. */
  readonly host?: string;
  /** Laid over what is set here. */
  readonly ini?: Ini;
}

/** Said once is enough here: the repeat comes after every test. */
const NEVER_AGAIN_MS = 3_600_000;
const POOL_SIZE = 2;

/**
 * A whole cell in this process: intake, operations, outbox and rows are the real ones, on a database of its own; the brokers
 * and the cloud are within the process.
 */
export class LocalCell {
  /** Everything that went up, in order. */
  readonly said: InterCellMessage[] = [];
  /** Called with each in place of keeping it. */
  onSaid: (message: InterCellMessage) => void = (message) => void this.said.push(message);
  private readonly cell: Cell;
  private readonly looks: pg.Pool;
  private front: LocalFront | undefined;

  private constructor(
    private readonly database: TestDatabase,
    readonly store: Store,
    readonly cloud: SimulatedCloud,
    options: LocalCellOptions,
  ) {
    const config = configOf(options);
    this.looks = new pg.Pool({ connectionString: database.url, max: 1 });
    // The database is dropped while the connection still says goodbye.
    this.looks.on('error', () => {});
    // One set of counters per process: the last cell's are of no interest any more.
    register.clear();
    this.cell = new Cell({
      config,
      store,
      provider: new Simulator({ cloud, cellName: options.name, incarnation: 'local' }),
      capabilities: {},
      databaseSince: new Date(),
      makeFront: (parts) => {
        const front = new LocalFront({
          ...parts,
          options: cellsV1Options(config),
          parentName: options.parentName,
          hear: (message) => this.onSaid(message),
        });
        this.front = front;
        return front;
      },
      log: pino({ level: 'silent' }),
    });
  }

  static async start(options: LocalCellOptions): Promise<LocalCell> {
    const database = await createTestDatabase();
    const store = await openStore({ url: database.url, poolSize: POOL_SIZE, reportGapMs: 0, settleMs: NEVER_AGAIN_MS });
    const cell = new LocalCell(database, store, new SimulatedCloud({ zones: [zoneOf(options).zone] }), options);
    await cell.cell.start();
    return cell;
  }

  /** Resolves when it was settled. */
  async deliver(letter: Letter): Promise<Settled> {
    if (this.front === undefined) throw new Error('the cell has no front');
    return this.front.broker.deliver(letter);
  }

  /** Resolves when no operation is left to do and all is said. */
  async quiet(timeoutMs?: number): Promise<void> {
    await until(async () => (await this.unfinished()) === 0, 'the cell comes to rest', timeoutMs);
  }

  /** Operations in hand or waiting, and things to say. A deferred reclaim waits for its own time: it does not count. */
  private async unfinished(): Promise<number> {
    const { rows } = await this.looks.query<{ count: number }>(
      `select (select count(*) from operations where finished_at is null and verb <> 'reclaim')::int
        + (select count(*) from outbox where said = 0)::int as count`,
    );
    return rows[0]?.count ?? 0;
  }

  async stop(): Promise<void> {
    await this.cell.stop();
    await this.looks.end();
    await this.database.drop();
  }
}

/** The host's name cut in two, for hosts are named by prefix and zone. */
function zoneOf({ host = 'ec2-zone' }: LocalCellOptions): { prefix: string; zone: string } {
  const at = host.indexOf('-') + 1;
  return { prefix: host.slice(0, at), zone: host.slice(at) };
}

function configOf(options: LocalCellOptions) {
  const { release, name, ini = {} } = options;
  const base: Ini = {
    DEFAULT: { transport_url: 'rabbit://nobody:nothing@127.0.0.1:1/none', host: 'local' },
    database: { connection: 'postgresql://opened-already/none' },
    cells: { name },
    burst: { provider: 'simulator', parent_release: release, early_update_ms: 0, zone_prefix: zoneOf(options).prefix },
  };
  const sections = Object.fromEntries(
    [...new Set([...Object.keys(base), ...Object.keys(ini)])].map((section) => [section, { ...base[section], ...ini[section] }]),
  );
  const folder = runFolder('local-cell');
  try {
    return loadConfig([writeIni(folder, 'burstcell.conf', sections)], []);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
