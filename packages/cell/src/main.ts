import { randomUUID } from 'node:crypto';
import type { Explanation, LaunchRequest, Provider, ProviderAbility } from '@burstcell/provider';
import { SimulatedCloud, Simulator } from '@burstcell/provider/simulator';
import type { AWS_BUCKETS, Budget, Ec2Settings } from '@burstcell/provider-ec2';
import { ec2Options } from '@burstcell/provider-ec2/options';
import { openApiDatabase, openStore, type Store } from '@burstcell/store';
import type { Dialect } from '@burstcell/wire';
import { pino } from 'pino';
import { takeShared } from './capacity/shared-buckets.js';
import { SharedRefusals } from './capacity/shared-refusals.js';
import { Cell } from './cell.js';
import type { ProviderColumn } from './cli/docs/support-matrix-page.js';
import { withFollowedGroups } from './cli/explain/followed-groups.js';
import type { CellConfig } from './config/cell-config.js';
import { ConfigError } from './config/config-error.js';
import type { OptionGroup } from './config/option.js';
import type { FrontParts } from './front.js';
import { ApiDatabaseTidier } from './fronts/cells-v1/api-database-tidier.js';
import { CellsV1Front } from './fronts/cells-v1/front.js';
import { cellsV1Options } from './fronts/cells-v1/options-from-config.js';
import { releaseFinding } from './fronts/cells-v1/release-finding.js';
import { Hosts } from './hosts.js';
import { NO_IMAGE_SERVICE, openImageService } from './images/open-image-service.js';
import { withRecord } from './images/request-record.js';
import type { Log } from './log.js';
import { SERVICE_REQUEST_MS } from './timings.js';

const DAY_MS = 24 * 3_600_000;

/** The providers' own sections of the configuration file. */
export const providerOptions: readonly OptionGroup[] = [
  {
    name: 'ec2',
    owner: 'burstcell',
    intro: 'Amazon EC2: which account and region this cell is, and what instances become there.',
    options: ec2Options,
  },
];

/** Runs one replica until it is told to stop; answers the exit code. The only place that names a vendor. */
export async function runCell(config: CellConfig): Promise<number> {
  const log = pino({ level: config.burst.logLevel, base: { cell: config.cells.name, replica: config.host } });
  // A fault of ours in a corner nobody awaits must not end what every other instance depends on.
  process.on('unhandledRejection', (err) => log.error({ err }, 'unhandled rejection'));
  for (const warning of config.warnings) log.warn({}, warning);
  if (config.glance.apiServers.length === 0) log.warn({}, NO_IMAGE_SERVICE);
  const { burst } = config;
  if (burst.observeOnly) log.warn({}, '[burst] observe_only is set: nothing is changed at the provider, and no room is offered');
  const store = await openStore({ url: config.database.connection, reportGapMs: burst.updateGapMs, settleMs: burst.settleMs });
  // Made once with the database: with the cell's name it marks the machines that are ours.
  const settled = await store.settle('incarnation', randomUUID());
  const provider = await openProvider(config, store, settled, log);
  const options = cellsV1Options(config);
  const tidier = openTidier(config, options.dialect, log);
  const makeFront = (parts: FrontParts) => new CellsV1Front({ ...parts, options, tidier });
  const cell = new Cell({
    config,
    store,
    provider,
    capabilities: options.capabilities,
    databaseSince: settled.createdAt,
    makeFront,
    log,
  });
  await cell.start();
  log.info({ provider: provider.name, release: options.dialect.release }, 'cell is up');
  const signal = await toldToStop();
  log.info({ signal }, 'cell is going down');
  await cell.stop();
  log.info({}, 'cell is down');
  return 0;
}

/** What a boot would become by this configuration; null where the provider cannot say. Changes nothing. */
export async function explainLaunch(config: CellConfig, request: LaunchRequest): Promise<Explanation | null> {
  const { burst } = config;
  const log = pino({ level: 'silent' });
  const store = await openStore({ url: config.database.connection, poolSize: 1, reportGapMs: 0, settleMs: 0 });
  try {
    const provider = await openProvider(config, store, { value: 'none' }, log);
    try {
      if (provider.explain === undefined) return null;
      const disabledZones = await new Hosts(store, provider, burst.zonePrefix, () => new Date()).disabledZones();
      const signal = AbortSignal.timeout(SERVICE_REQUEST_MS);
      const followed = await withFollowedGroups(config.neutron, request);
      const { request: asked, ...record } = await withRecord(openImageService(config.glance), followed, signal);
      return await provider.explain({ ...asked, disabledZones }, record);
    } finally {
      await provider.close();
    }
  } finally {
    await store.close();
  }
}

/** What a command works with that looks at machines and records what a cell is to do with them. */
export interface Cloud {
  readonly store: Store;
  readonly provider: Provider;
  readonly hosts: Hosts;
  /** Cell name and incarnation: whose machines are its own. */
  readonly owner: string;
}

/** Lends a command the cell's rows and its provider. */
export async function withCloud<T>(config: CellConfig, work: (cloud: Cloud) => Promise<T>): Promise<T> {
  const { burst, cells, database } = config;
  const store = await openStore({ url: database.connection, poolSize: 1, reportGapMs: 0, settleMs: 0 });
  try {
    const settled = await store.settle('incarnation', randomUUID());
    const provider = await openProvider(config, store, settled, pino({ level: 'silent' }));
    try {
      const hosts = new Hosts(store, provider, burst.zonePrefix, () => new Date());
      return await work({ store, provider, hosts, owner: `${cells.name}/${burst.incarnation ?? settled.value}` });
    } finally {
      await provider.close();
    }
  } finally {
    await store.close();
  }
}

/** All of `[ec2]` that switches an ability on. */
const ALL_ON = { metrics: 'cloudwatch', set_password: 'ssm', lock_protects: 'true', serial_console: 'true' };

/** One of each provider, made and not used: what it can do is to be seen by its methods. */
export async function providersAsTheyAre(): Promise<readonly ProviderColumn[]> {
  const { createEc2Provider, parseEc2Options } = await import('@burstcell/provider-ec2');
  const ec2 = (options: object) =>
    createEc2Provider({ ...parseEc2Options({ region: 'eu-central-1', ...options }), cellName: 'ec2', incarnation: 'none' });
  const simulator = new Simulator();
  return [
    { byDefault: ec2({}), switchedOn: ec2(ALL_ON) },
    { byDefault: simulator, switchedOn: simulator },
  ];
}

/** For `burstcell doctor`: reads the provider's options as a cell would. Rejects with a {@link ConfigError}. */
export async function checkProvider(config: CellConfig): Promise<void> {
  if (config.burst.provider === 'ec2') await readEc2(config);
}

/** For `burstcell doctor`: whether changes at the provider are told of, and the way there is open. Rejects with an error that has a `remedy`. */
export async function probeEvents(config: CellConfig): Promise<boolean> {
  if (config.burst.provider !== 'ec2') return false;
  const { probeEventsQueue } = await import('@burstcell/provider-ec2');
  return probeEventsQueue((await readEc2(config)).settings);
}

/** For `burstcell doctor`: what running cells of this database found wrong about the parent's release in the last day. */
export async function parentFinding(config: CellConfig): Promise<string | null> {
  const store = await openStore({ url: config.database.connection, reportGapMs: 0, settleMs: 0 });
  try {
    return (await releaseFinding(store, new Date(Date.now() - DAY_MS)))?.detail ?? null;
  } finally {
    await store.close();
  }
}

async function openProvider(config: CellConfig, store: Store, settled: { readonly value: string }, log: Log): Promise<Provider> {
  const incarnation = config.burst.incarnation ?? settled.value;
  const cellName = config.cells.name;
  switch (config.burst.provider) {
    case 'simulator': {
      const { zones, roomInstances, volumes, latencyMs, bootDelayMs, stopDelayMs, terminateDelayMs, ...changes } =
        config.simulator;
      const room = roomInstances === null ? {} : Object.fromEntries(zones.map((zone) => [zone, { instances: roomInstances }]));
      const changing = { changeMs: changes.changeDelayMs, snapshotMs: changes.snapshotDelayMs };
      const times = { latencyMs, bootMs: bootDelayMs, stopMs: stopDelayMs, terminateMs: terminateDelayMs, ...changing };
      const cloud = new SimulatedCloud({ zones, room, ...times });
      for (const zone of zones) for (let made = 0; made < volumes; made += 1) cloud.createVolume(zone);
      // The consoles that it names lead nowhere; the gateway's do.
      const without: readonly ProviderAbility[] = config.console === null ? [] : ['connectConsole', 'validateConsole'];
      return new Simulator({ cloud, cellName, incarnation, abilities: { without } });
    }
    case 'ec2': {
      // The AWS SDK takes some 90 MB: only a cell that needs it loads it.
      const { AWS_BUCKETS, accountOf, createEc2Accounts } = await import('@burstcell/provider-ec2');
      const ec2 = await readEc2(config);
      const ec2Log = {
        info: (message: string, facts: object) => log.info(facts, message),
        warn: (message: string, facts: object) => log.warn(facts, message),
      };
      // AWS counts per account and region: all replicas draw on the same buckets and share what they were refused.
      const shared = (settings: Ec2Settings) => {
        const place = `ec2/${accountOf(settings.roleArn ?? '') ?? 'own'}/${settings.region}/`;
        const sharedRefusals = new SharedRefusals(store, place);
        const all = { cellName, incarnation, log: ec2Log, sharedBudget: sharedBudget(store, place, AWS_BUCKETS) };
        return { ...settings, ...all, sharedRefusals };
      };
      const others = ec2.accounts.map(({ settings, ...account }) => ({ ...account, config: shared(settings) }));
      return createEc2Accounts(shared(ec2.settings), others);
    }
    default:
      return config.burst.provider satisfies never;
  }
}

/** The provider's section and its accounts. What is wrong with them is a {@link ConfigError} like that of any other section. */
async function readEc2({ sections }: CellConfig) {
  const { Ec2OptionError, parseEc2Options, readAccounts } = await import('@burstcell/provider-ec2');
  const section = sections.ec2 ?? {};
  try {
    return { settings: parseEc2Options(section), accounts: readAccounts(section) };
  } catch (error) {
    if (!(error instanceof Ec2OptionError)) throw error;
    const { key, problem, remedy } = error;
    throw new ConfigError(`[ec2] ${key} ${problem}`, `${remedy.charAt(0).toUpperCase()}${remedy.slice(1)}.`);
  }
}

function sharedBudget(store: Store, place: string, buckets: typeof AWS_BUCKETS): Budget {
  return {
    async take(action, demand, signal) {
      const { requests, instances } = { instances: undefined, ...buckets[action] };
      await takeShared(store, place + action, requests, demand.requests ?? 1, signal);
      if (instances !== undefined)
        await takeShared(store, `${place}${action}/instances`, instances, demand.instances ?? 1, signal);
    },
    async drain(action, count) {
      const { instances } = { instances: undefined, ...buckets[action] };
      await store.buckets.empty(place + action);
      if (instances !== undefined) await store.buckets.giveBack(`${place}${action}/instances`, instances, count);
    },
  };
}

function openTidier(config: CellConfig, dialect: Dialect, log: Log): ApiDatabaseTidier {
  const url = config.apiDatabase.connection;
  if (!dialect.tidiesApiDatabase) return new ApiDatabaseTidier(null, log);
  if (url === null) {
    log.warn({}, '[api_database] connection is not set: "nova list" of this parent release will show BUILD for ever');
  }
  return new ApiDatabaseTidier(url === null ? null : openApiDatabase(url), log);
}

function toldToStop(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
  });
}
