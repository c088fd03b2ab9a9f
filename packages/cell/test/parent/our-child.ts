import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type ParentBed, VOLUME_PROPERTY } from './bed.js';
import type { Child, ImageRecord, Machine } from './child.js';
import { packageRoot } from './config.js';
import { type Ec2Cloud, startEc2 } from './ec2-cloud.js';
import { freePort } from './free-port.js';
import { type Ini, renderIni } from './ini.js';
import { cellCreateArgs, transportUrl } from './neighbour.js';
import { type CommandAnswer, runCommand } from './run-command.js';
import { Service } from './service.js';
import { MANAGE_MS, SIMULATED } from './timings.js';

/** Burstcell below a parent, set up with its own commands as an operator would, on an EC2 of this machine or on its simulator. */
export class OurChild implements Child {
  readonly label = 'burstcell';
  readonly logFiles: string[] = [];
  #ec2Cloud: Ec2Cloud | undefined;
  #service: Service | undefined;
  #volumesTaken = 0;

  constructor(
    readonly bed: ParentBed,
    readonly cloud: 'ec2' | 'simulator' = 'ec2',
  ) {}

  async start(): Promise<void> {
    const provider = this.cloud === 'ec2' ? await this.#ec2() : simulated();
    await this.bed.makeDatabase(this.#database);
    await writeFile(this.confFile, renderIni(this.#conf(provider, await freePort())), { mode: 0o600 });
    await this.#must(['db', 'migrate']);
    await this.#must(cellCreateArgs({ name: this.bed.cellName, cellType: 'parent', brokerUrl: this.bed.parentBroker }));
    await this.#startProcess();
  }

  async epitaph(): Promise<string | undefined> {
    const service = this.#service;
    return service === undefined || service.isRunning ? undefined : `burstcell run has ended: ${await service.lastWords(12)}`;
  }

  async machines(): Promise<Machine[] | undefined> {
    return this.#ec2Cloud?.query.machines();
  }

  async images(): Promise<ImageRecord[]> {
    const answer = await fetch(`${this.bed.imageUrl}/v2/images`);
    return ((await answer.json()) as { images: ImageRecord[] }).images;
  }

  async networkId(address: string): Promise<string> {
    return (await this.#ec2Cloud?.query.subnetOf(address)) ?? 'net-simulated';
  }

  /** The simulator begins with some in each zone, and numbers them. */
  async makeVolume(zone: string): Promise<string | undefined> {
    if (this.#ec2Cloud !== undefined) return this.#ec2Cloud.query.createVolume(zone || `${this.#ec2Cloud.region}a`);
    const number = Math.max(0, SIMULATED_ZONES.indexOf(zone)) * SIMULATED_VOLUMES + this.#volumesTaken + 1;
    this.#volumesTaken += 1;
    return `vol-${number.toString(16).padStart(12, '0')}`;
  }

  async refuseLaunches(code: string | null): Promise<boolean> {
    this.#ec2Cloud?.refuseLaunches(code);
    return this.#ec2Cloud !== undefined;
  }

  get confFile(): string {
    return join(this.bed.run.path, 'burstcell.conf');
  }

  /** The process as it runs now, for those who want to kill it. */
  get service(): Service | undefined {
    return this.#service;
  }

  /** One of Burstcell's own commands with this cell's configuration. */
  command(args: readonly string[]): Promise<CommandAnswer> {
    const logFile = join(this.bed.logFolder, 'burstcell-commands.log');
    return runCommand(process.execPath, [BURSTCELL, ...args, '--config-file', this.confFile], { logFile, timeoutMs: MANAGE_MS });
  }

  async #must(args: readonly string[]): Promise<void> {
    const answer = await this.command(args);
    if (answer.status !== 0)
      throw new Error(`burstcell ${args.slice(0, 2).join(' ')} failed (${answer.status}): ${answer.output.trim()}`);
  }

  async #startProcess(): Promise<void> {
    const logFile = join(this.bed.logFolder, 'burstcell.log');
    const service = new Service('burstcell', process.execPath, [BURSTCELL, 'run', '--config-file', this.confFile], logFile);
    this.bed.teardown.add('stop burstcell', () => service.stop());
    await this.bed.remember(service);
    this.#service = service;
    this.logFiles.push(logFile);
  }

  get #database(): string {
    return `${this.bed.run.name}_ec2`;
  }

  async #ec2(): Promise<Ini> {
    const { teardown, settings, options } = this.bed;
    const cloud = await startEc2({ teardown, workFolder: dirname(settings.workFolder), say: options.say });
    this.#ec2Cloud = cloud;
    return {
      ec2: {
        ...{ region: cloud.region, endpoint_url: cloud.endpointUrl, access_key_id: 'bed', secret_access_key: 'bed' },
        default_ami: cloud.ami,
      },
    };
  }

  #conf(provider: Ini, consolePort: number): Ini {
    const { bed } = this;
    return {
      DEFAULT: { transport_url: transportUrl(bed.childBroker), host: 'burst-1' },
      database: { connection: bed.databases.url(this.#database) },
      api_database: { connection: bed.databases.sqlalchemyUrl(bed.apiDatabase) },
      cells: { name: bed.childName },
      glance: { api_servers: bed.imageUrl },
      cinder: { provider_id_property: VOLUME_PROPERTY },
      console: { listen: `127.0.0.1:${consolePort}` },
      burst: { provider: this.cloud, parent_release: bed.release, log_level: 'debug' },
      ...provider,
    };
  }
}

/** Slow enough that every state on the way is there to be seen. */
function simulated(): Ini {
  const { bootMs, stopMs, changeMs, snapshotMs } = SIMULATED;
  return {
    simulator: {
      ...{ zones: SIMULATED_ZONES.join(','), volumes: SIMULATED_VOLUMES },
      ...{ boot_delay_ms: bootMs, stop_delay_ms: stopMs, terminate_delay_ms: stopMs },
      ...{ change_delay_ms: changeMs, snapshot_delay_ms: snapshotMs },
    },
  };
}

const SIMULATED_ZONES = ['zone-a', 'zone-b'];
/** In each zone; more than the verbs attach. */
const SIMULATED_VOLUMES = 8;

const BURSTCELL = join(packageRoot(), 'dist', 'src', 'cli', 'burstcell.js');
