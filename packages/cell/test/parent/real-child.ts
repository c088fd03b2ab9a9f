import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ParentBed } from './bed.js';
import type { Child } from './child.js';
import { freePort } from './free-port.js';
import { type Ini, renderIni } from './ini.js';
import { cellCreateArgs, transportUrl } from './neighbour.js';
import { commonConf } from './nova-conf.js';
import { loadSchema } from './schema.js';
import type { Service } from './service.js';
import { API_ANSWERS_MS, CHILD_HEARD_MS } from './timings.js';
import { until } from './wait.js';

/**
 * nova's own child cell with the fake hypervisor driver: six processes, for comparison. It shares the parent's API
 * database, since its conductor drops a build whose build request it does not find there.
 */
export class RealChild implements Child {
  readonly label = 'nova';
  readonly cloud = 'fake';
  readonly logFiles: string[] = [];
  readonly #services: Service[] = [];
  #placementPort = 0;

  constructor(readonly bed: ParentBed) {}

  async start(): Promise<void> {
    this.bed.options.say(`starting nova's own child cell of ${this.bed.release}`);
    this.#placementPort = await freePort();
    const confFile = join(this.bed.run.path, 'nova-child.conf');
    await writeFile(confFile, renderIni(this.#conf()));
    await this.#makeDatabases(confFile);
    const cells = await this.#startServices(confFile);
    await this.#reportCapacity(confFile, cells);
  }

  async epitaph(): Promise<string | undefined> {
    const ended = this.#services.find((service) => !service.isRunning);
    return ended && `${ended.name} has ended: ${await ended.lastWords()}`;
  }

  async machines(): Promise<undefined> {
    return undefined;
  }

  async networkId(): Promise<string> {
    const sql = 'SELECT uuid FROM networks WHERE deleted = 0 LIMIT 1';
    return (await this.bed.databases.query<{ uuid: string }>(this.#mainDatabase, sql))[0]?.uuid ?? 'none';
  }

  async makeVolume(): Promise<undefined> {
    return undefined;
  }

  async refuseLaunches(): Promise<boolean> {
    return false;
  }

  get #mainDatabase(): string {
    return `${this.bed.run.name}_child`;
  }

  get #cell0Database(): string {
    return `${this.bed.run.name}_cell0`;
  }

  #conf(): Ini {
    const { bed } = this;
    const conf = commonConf('child', {
      stateFolder: join(bed.run.path, 'state-child'),
      transportUrl: transportUrl(bed.childBroker),
      databaseUrl: bed.databases.sqlalchemyUrl(this.#mainDatabase),
      apiDatabaseUrl: bed.databases.sqlalchemyUrl(bed.apiDatabase),
      imageUrl: bed.imageUrl,
    });
    const placement = `http://127.0.0.1:${this.#placementPort}`;
    return {
      ...conf,
      DEFAULT: {
        ...conf.DEFAULT,
        compute_driver: 'fake.FakeDriver',
        quota_driver: 'nova.quota.NoopQuotaDriver',
        ...{ network_manager: 'nova.network.manager.FlatManager', flat_network_bridge: 'br-bed', fake_network: true },
        allow_resize_to_same_host: true,
      },
      api: { auth_strategy: 'noauth2' },
      placement: {
        ...{ auth_type: 'admin_token', token: 'admin', endpoint: placement, endpoint_override: placement },
        // Ocata to Queens start no compute without it.
        os_region_name: 'RegionOne',
      },
      ...{ conductor: { workers: 1 }, scheduler: { workers: 1 } },
      ...{ spice: { enabled: true }, rdp: { enabled: true }, serial_console: { enabled: true } },
      // The fake driver says that at least 0 GB are free, which Ocata's disk filter believes.
      filter_scheduler: { enabled_filters: 'RetryFilter,AvailabilityZoneFilter,RamFilter,ComputeFilter,ImagePropertiesFilter' },
      cells: { enable: true, name: bed.childName, cell_type: 'compute' },
    };
  }

  async #makeDatabases(confFile: string): Promise<void> {
    const { bed } = this;
    for (const name of [this.#mainDatabase, this.#cell0Database]) {
      await bed.makeDatabase(name);
      if (!(await loadSchema(bed, name, 'main')))
        throw new Error("nova's own child needs pg_dump: its schema is a copy of the parent's");
    }
    // nova's child writes False into the integer column instances.cleaned: MySQL takes it, PostgreSQL has to be told to.
    const cast = "UPDATE pg_cast SET castcontext = 'a' WHERE castsource = 'boolean'::regtype AND casttarget = 'integer'::regtype";
    await bed.databases.query(this.#mainDatabase, cast);
    await bed.manage(confFile, cellCreateArgs({ name: bed.cellName, cellType: 'parent', brokerUrl: bed.parentBroker }));
    const cell0 = bed.databases.sqlalchemyUrl(this.#cell0Database);
    await bed.manage(confFile, ['cell_v2', 'map_cell0', '--database_connection', cell0]);
    await bed.manage(confFile, ['cell_v2', 'create_cell', '--name', 'main']);
    const network = ['--fixed_range_v4', '10.20.0.0/20', '--num_networks', '1', '--network_size', '4096', '--bridge', 'br-bed'];
    await bed.manage(confFile, ['network', 'create', '--label', 'private', ...network]);
  }

  /** The conductor first: what starts before it waits long for an answer that was never going to come. */
  async #startServices(confFile: string): Promise<Service> {
    const args = ['--config-file', confFile];
    const placement = ['--host', '127.0.0.1', '--port', String(this.#placementPort)];
    // nova-placement-api takes its file from a folder, under the name nova.conf.
    await this.#start('placement', 'nova-placement-api', placement, {
      OS_PLACEMENT_CONFIG_DIR: await this.#confFolder(confFile),
    });
    const conductor = await this.#start('conductor', 'nova-conductor', args);
    await until(async () => (await conductor.lastWords(50)).includes('Starting conductor'), API_ANSWERS_MS, 500);
    await this.#start('scheduler', 'nova-scheduler', args);
    const cells = await this.#start('cells', 'nova-cells', args);
    await this.#start('network', 'nova-network', args);
    await this.#start('compute', 'nova-compute', args);
    return cells;
  }

  async #confFolder(confFile: string): Promise<string> {
    const folder = join(this.bed.run.path, 'placement');
    await mkdir(folder, { recursive: true });
    await copyFile(confFile, join(folder, 'nova.conf'));
    return folder;
  }

  async #start(name: string, command: string, args: string[], env: Record<string, string> = {}): Promise<Service> {
    const service = await this.bed.service(`child-${name}`, command, args, env);
    this.logFiles.push(service.logFile);
    this.#services.push(service);
    return service;
  }

  /** nova-cells reports once at its start, when the compute node was not there yet, and then after a minute: restart it. */
  async #reportCapacity(confFile: string, cells: Service): Promise<void> {
    const { bed } = this;
    const nodes = 'SELECT 1 FROM compute_nodes WHERE deleted = 0';
    const there = await until(
      async () => (await bed.databases.query(this.#mainDatabase, nodes)).length > 0,
      CHILD_HEARD_MS,
      1_000,
    );
    if (!there) throw new Error(`nova-compute reported no hypervisor; logs in ${bed.logFolder}`);
    await bed.manage(confFile, ['cell_v2', 'discover_hosts']);
    await cells.stop();
    this.#services.splice(this.#services.indexOf(cells), 1);
    await this.#start('cells', 'nova-cells', ['--config-file', confFile]);
  }
}
