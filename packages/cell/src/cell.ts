import { randomUUID } from 'node:crypto';
import type { Provider } from '@burstcell/provider';
import type { Store } from '@burstcell/store';
import { Capacities } from './capacity/capacities.js';
import { ComputeHosts } from './capacity/compute-hosts.js';
import { openVolumes } from './cinder/open-volumes.js';
import type { CellConfig } from './config/cell-config.js';
import { ConsoleGateway } from './console/gateway.js';
import { consoleTypesOf } from './console/offers.js';
import type { Front, FrontParts } from './front.js';
import { Hosts } from './hosts.js';
import { openImageService } from './images/open-image-service.js';
import type { Log } from './log.js';
import { IntakeMetrics } from './metrics.js';
import { openSecurityGroups } from './neutron/open-security-groups.js';
import { makeAskProvider } from './operations/ask-provider.js';
import { Launcher } from './operations/launcher.js';
import type { Tools } from './operations/verb.js';
import { verbs } from './operations/verbs.js';
import { Worker } from './operations/worker.js';
import { Events } from './reconcile/events.js';
import { GroupSync } from './reconcile/group-sync.js';
import { Leftovers } from './reconcile/leftovers.js';
import { Strays } from './reconcile/strays.js';
import { Sweep } from './reconcile/sweep.js';
import { Watcher } from './reconcile/watcher.js';
import { Secrets } from './secrets.js';
import type { SecurityGroupService } from './security-groups.js';
import { Bandwidth } from './sync/bandwidth.js';
import { Heal } from './sync/heal.js';
import { Janitor } from './sync/janitor.js';
import { Outbox } from './sync/outbox.js';
import { HEAL_INTERVAL_MS, SHUTDOWN_MS } from './timings.js';

export interface CellParts {
  readonly config: CellConfig;
  readonly store: Store;
  readonly provider: Provider;
  /** Names and values this cell is known by above. */
  readonly capabilities: Readonly<Record<string, readonly string[]>>;
  /** When the cell's database was begun. */
  readonly databaseSince: Date;
  readonly makeFront: (parts: FrontParts) => Front;
  readonly log: Log;
}

/** One running replica of the cell: the core and its front, started and stopped in order. */
export class Cell {
  /** Names this replica in leases. */
  private readonly holder = randomUUID();
  private readonly front: Front;
  private readonly computeHosts: ComputeHosts;
  private readonly worker: Worker;
  private readonly watcher: Watcher;
  private readonly events: Events;
  private readonly sweep: Sweep;
  private readonly groupSync: GroupSync | undefined;
  private readonly bandwidth: Bandwidth;
  private readonly outbox: Outbox;
  private readonly heal: Heal;
  private readonly janitor: Janitor;
  private readonly gateway: ConsoleGateway | undefined;

  constructor(private readonly parts: CellParts) {
    const { config, store, provider, log } = parts;
    const { burst } = config;
    const { holder } = this;
    const now = () => new Date();
    const hosts = new Hosts(store, provider, burst.zonePrefix, now);
    const capacities = new Capacities({
      store,
      hosts,
      log,
      ceiling: burst.ceiling,
      reservePercent: config.cells.reservePercent,
      memoryMb: burst.capacityMemoryMb,
      diskGb: burst.capacityDiskGb,
      observeOnly: burst.observeOnly,
      capabilities: parts.capabilities,
    });
    const deadlines = { buildMs: burst.buildDeadlineMs, verbMs: burst.verbDeadlineMs };
    const counts = new IntakeMetrics();
    const secrets = new Secrets(`${config.transportUrl} ${config.database.connection}`);
    this.gateway = openGateway(parts);
    const ask = makeAskProvider({ store, provider, log, consoles: this.gateway?.tokens });
    const protects = provider.protect !== undefined;
    this.front = parts.makeFront({
      store,
      hosts,
      capacities,
      verbs,
      deadlines,
      counts,
      ask,
      secrets,
      protects,
      holder,
      log,
      now,
    });
    const securityGroups = openSecurityGroups(config.neutron);
    const tools: Tools = {
      store,
      provider,
      parent: this.front.link,
      log,
      now,
      hosts,
      secrets,
      volumes: openVolumes(config.cinder),
      images: openImageService(config.glance),
      securityGroups,
      reclaimMs: config.reclaimInstanceIntervalMs,
      importDeadlineMs: burst.importDeadlineMs,
      launcher: new Launcher(store, provider),
      observeOnly: burst.observeOnly,
      earlyReportMs: burst.earlyUpdateMs,
      capacityChanged: () => this.front.capacityChanged(),
    };
    this.computeHosts = new ComputeHosts(store, hosts, burst.ceiling, log);
    this.worker = new Worker(tools, verbs, { holder, concurrency: burst.workers });
    this.watcher = new Watcher({ store, provider, log, holder, now });
    this.events = new Events({ store, provider, log, now, wake: () => this.watcher.wake() });
    const policy = burst.observeOnly ? 'report' : burst.strays;
    const strays = new Strays({ store, provider, log, policy, databaseSince: parts.databaseSince, now });
    const leftovers = new Leftovers({ provider, log, policy, observeOnly: burst.observeOnly, now });
    const intervalMs = provider.changes === undefined ? burst.sweepIntervalMs : burst.sweepIntervalWithEventsMs;
    this.sweep = new Sweep({ store, provider, strays, leftovers, log, holder, intervalMs, now });
    this.groupSync = openGroupSync(parts, securityGroups, holder);
    this.bandwidth = new Bandwidth({ store, provider, log, holder, now });
    this.outbox = new Outbox({ store, parent: this.front.link, log, holder, perSecond: burst.updatesPerSecond });
    this.heal = new Heal({
      store,
      log,
      holder,
      intervalMs: HEAL_INTERVAL_MS,
      batch: config.cells.instanceUpdateNumInstances,
      deletedWithinMs: config.cells.instanceUpdatedAtThresholdMs,
      now,
    });
    this.janitor = new Janitor(store, log, holder, now);
  }

  /** Resolves when messages are taken and operations run. What an earlier life left unfinished is gone on with first. */
  async start(): Promise<void> {
    await this.gateway?.start();
    await this.computeHosts.start();
    this.worker.start();
    this.watcher.start();
    this.events.start();
    await this.front.start();
    this.outbox.start();
    this.sweep.start();
    this.groupSync?.start();
    this.bandwidth.start();
    this.heal.start();
    this.janitor.start();
  }

  /** Ends in order: nothing more is taken, what is in hand is finished, what is due is said. */
  async stop(): Promise<void> {
    await this.front.stopListening();
    await this.gateway?.stop();
    this.computeHosts.stop();
    this.janitor.stop();
    await this.heal.stop();
    await this.sweep.stop();
    await this.groupSync?.stop();
    await this.bandwidth.stop();
    await this.worker.stop(SHUTDOWN_MS);
    await this.events.stop();
    await this.watcher.stop();
    await this.outbox.stop();
    await this.parts.store.leases.release('pulse', this.holder).catch(() => undefined);
    await this.front.close();
    await this.parts.provider.close();
    await this.parts.store.close();
  }
}

function openGateway({ config, store, provider, log }: CellParts): ConsoleGateway | undefined {
  if (config.console === null) return undefined;
  if (consoleTypesOf(provider).length > 0) return new ConsoleGateway({ config: config.console, store, provider, log });
  log.warn(
    { provider: provider.name },
    '[console] listen is set, but the provider leaves it nothing to serve: there is no gateway',
  );
  return undefined;
}

function openGroupSync(
  { config, store, provider, log }: CellParts,
  service: SecurityGroupService | null,
  holder: string,
): GroupSync | undefined {
  if (config.neutron === null || service === null) return undefined;
  if (provider.syncSecurityGroups === undefined) {
    log.warn({ provider: provider.name }, '[neutron] follow_security_groups is set, but the provider has no security groups');
    return undefined;
  }
  if (config.burst.observeOnly) return undefined;
  return new GroupSync({ store, provider, service, log, holder, intervalMs: config.neutron.syncIntervalMs });
}
