import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Child } from './child.js';
import { type BedSettings, bedSettings } from './config.js';
import { Databases } from './databases.js';
import { freePort } from './free-port.js';
import type { HttpStub } from './http-stub.js';
import { startIdentity } from './identity-stub.js';
import { startImages } from './image-stub.js';
import { renderIni } from './ini.js';
import { type Installation, installParent } from './install.js';
import { atVhost, cellCreateArgs, transportUrl } from './neighbour.js';
import { NovaCli } from './nova-cli.js';
import { parentConf, pasteConf } from './nova-conf.js';
import type { Release } from './releases.js';
import { NovaRest } from './rest.js';
import { runCommand } from './run-command.js';
import { clearAbandonedRuns, makeRunFolder, type RunFolder } from './run-record.js';
import { fillDatabases } from './schema.js';
import { seed } from './seed.js';
import { Service } from './service.js';
import { Teardown } from './teardown.js';
import { API_ANSWERS_MS, CHILD_HEARD_MS, MANAGE_MS } from './timings.js';
import { openVhosts } from './vhosts.js';
import { startVolumes, type VolumeStub } from './volume-stub.js';
import { until } from './wait.js';

export interface BedOptions {
  release: Release;
  say: (line: string) => void;
  /** The child's name in the parent's configuration. */
  childName?: string;
  settings?: BedSettings;
}

/** Key of a volume's metadata that names the cloud's volume. */
export const VOLUME_PROPERTY = 'ebs_volume_id';

function inCloud(providerVolumeId: string | undefined): Record<string, string> {
  return providerVolumeId === undefined ? {} : { [VOLUME_PROPERTY]: providerVolumeId };
}

/**
 * An unmodified nova API cell of one release: nova-api, nova-cells and nova-consoleauth from the package index, with
 * databases, virtual hosts and ports of its own, and a child registered that somebody else has to bring up. Identity, image
 * and volume service are stubs in this process.
 */
export class ParentBed {
  readonly teardown = new Teardown();
  readonly cellName = 'api';
  #identity: HttpStub | undefined;
  #images: HttpStub | undefined;
  #volumes: VolumeStub | undefined;
  #apiUrl = '';

  private constructor(
    readonly options: BedOptions,
    readonly settings: BedSettings,
    readonly installation: Installation,
    readonly databases: Databases,
    readonly run: RunFolder,
  ) {}

  /**
   * Installs what is missing and brings the parent up. When that fails, all that was started is taken down again.
   * @throws BedUnavailable when this machine cannot carry a parent; Error naming the log when nova does not come up.
   */
  static async up(options: BedOptions, onMade?: (bed: ParentBed) => void): Promise<ParentBed> {
    const settings = options.settings ?? bedSettings();
    const installation = await installParent(options.release, settings, options.say);
    const run = await makeRunFolder(join(settings.workFolder, 'runs'), options.release);
    const bed = new ParentBed(options, settings, installation, new Databases(settings.pgUrl), run);
    onMade?.(bed);
    try {
      await bed.#start();
      return bed;
    } catch (error) {
      await bed.down();
      throw error;
    }
  }

  get release(): Release {
    return this.options.release;
  }

  get childName(): string {
    return this.options.childName ?? 'ec2';
  }

  get logFolder(): string {
    return join(this.run.path, 'log');
  }

  get parentBroker(): URL {
    return atVhost(this.settings.amqpUrl, this.settings.parentVhost ?? `${this.run.name}_parent`);
  }

  get childBroker(): URL {
    return atVhost(this.settings.amqpUrl, this.settings.childVhost ?? `${this.run.name}_child`);
  }

  get mainDatabase(): string {
    return `${this.run.name}_main`;
  }

  get apiDatabase(): string {
    return `${this.run.name}_api`;
  }

  get rest(): NovaRest {
    return new NovaRest(`${this.#apiUrl}/v2.1`);
  }

  get cli(): NovaCli {
    return new NovaCli(this.installation, this.#identity?.url ?? '');
  }

  get imageUrl(): string {
    return this.#images?.url ?? '';
  }

  /** A volume that the volume service and the cloud have in common; answers cinder's id. */
  addVolume(providerVolumeId: string | undefined): string {
    return this.#volumeService.add({ metadata: inCloud(providerVolumeId), bootable: 'true' }).id;
  }

  /** A snapshot of such a volume; answers cinder's id. */
  addSnapshot(providerVolumeId: string | undefined): string {
    return this.#volumeService.addSnapshot(this.addVolume(providerVolumeId));
  }

  /** What the volume service makes by request is a volume of the cloud too, which takes a moment. */
  onMadeVolume(makeInCloud: () => Promise<string | undefined>): void {
    this.#volumeService.onMade((volume) => {
      volume.status = 'creating';
      makeInCloud().then(
        (id) => Object.assign(volume, { status: 'available', metadata: { ...volume.metadata, ...inCloud(id) } }),
        () => Object.assign(volume, { status: 'error' }),
      );
    });
  }

  get #volumeService(): VolumeStub {
    if (this.#volumes === undefined) throw new Error('the bed is not up');
    return this.#volumes;
  }

  /** Stops all and removes databases and virtual hosts. Repeat-safe. Returns what could not be undone. */
  async down(): Promise<string[]> {
    const failures = await this.teardown.run();
    if (failures.length === 0) await this.run.forget();
    return failures;
  }

  /** Starts one of nova's commands, to be stopped with the bed. */
  async service(name: string, command: string, args: readonly string[], env: Record<string, string> = {}): Promise<Service> {
    const service = new Service(name, this.installation.command(command), args, join(this.logFolder, `${name}.log`), env);
    this.teardown.add(`stop ${name}`, () => service.stop());
    await this.remember(service);
    return service;
  }

  /** Puts a process on record, so that the next run ends it if this one is killed. */
  async remember(service: Service): Promise<void> {
    if (service.pid !== undefined) this.run.record.processes.push(service.pid);
    await this.run.save();
  }

  /** nova-manage with one of the bed's configuration files. */
  async manage(confFile: string, args: readonly string[], timeoutMs = MANAGE_MS): Promise<void> {
    const logFile = join(this.logFolder, 'nova-manage.log');
    const command = this.installation.command('nova-manage');
    const answer = await runCommand(command, ['--config-file', confFile, ...args], { logFile, timeoutMs });
    if (answer.status !== 0)
      throw new Error(`nova-manage ${args.slice(0, 2).join(' ')} failed (${answer.status}); see ${logFile}`);
  }

  /** A database of this run, which goes with it. */
  async makeDatabase(name: string): Promise<void> {
    this.teardown.add(`drop ${name}`, () => this.databases.drop(name));
    this.run.record.databases.push(name);
    await this.run.save();
    await this.databases.create(name);
  }

  /** Until the parent has heard of the child's capacity: only then does it schedule by it. */
  async waitForChild(child: Child): Promise<void> {
    let epitaph: string | undefined;
    const heard = await until(async () => {
      epitaph = await child.epitaph();
      return epitaph !== undefined || (await this.#knowsCapacity());
    }, CHILD_HEARD_MS);
    if (epitaph !== undefined) throw new Error(epitaph);
    if (!heard)
      throw new Error(`the parent has not heard of ${this.childName} in ${CHILD_HEARD_MS / 1000} s; logs in ${this.logFolder}`);
  }

  async #knowsCapacity(): Promise<boolean> {
    const { body } = await this.rest.call('GET', `/os-cells/${this.childName}/capacities`);
    const cell = body.cell as { capacities?: { ram_free?: { total_mb?: number } } } | undefined;
    return (cell?.capacities?.ram_free?.total_mb ?? 0) > 0;
  }

  /** Shell lines with which a person uses the CLI on this parent. */
  howToUse(): string {
    const exports = Object.entries(this.cli.environment()).map(([name, value]) => `export ${name}=${value}`);
    return [...exports, `${this.installation.command('nova')} list`].join('\n');
  }

  async #start(): Promise<void> {
    const began = Date.now();
    await this.#makeVhosts();
    await this.#startStubs();
    const port = await freePort();
    this.#apiUrl = `http://127.0.0.1:${port}`;
    const confFile = await this.#configure(port);
    await this.makeDatabase(this.mainDatabase);
    await this.makeDatabase(this.apiDatabase);
    await fillDatabases(this, confFile);
    await this.manage(confFile, cellCreateArgs({ name: this.childName, cellType: 'child', brokerUrl: this.childBroker }));
    await this.#startServices(confFile);
    await seed(this.rest);
    this.options.say(
      `parent ${this.release} is up after ${Math.round((Date.now() - began) / 1000)} s: ${this.#apiUrl}/v2.1, logs in ${this.logFolder}`,
    );
  }

  async #makeVhosts(): Promise<void> {
    if (this.settings.parentVhost !== undefined && this.settings.childVhost !== undefined) return;
    const vhosts = await openVhosts(this.settings);
    const removers = { dropDatabase: (name: string) => this.databases.drop(name), removeVhost: vhosts.remove };
    await clearAbandonedRuns(join(this.settings.workFolder, 'runs'), removers, this.options.say);
    for (const vhost of [`${this.run.name}_parent`, `${this.run.name}_child`]) {
      this.teardown.add(`remove ${vhost}`, () => vhosts.remove(vhost));
      this.run.record.vhosts.push(vhost);
      await this.run.save();
      await vhosts.create(vhost);
    }
  }

  async #startStubs(): Promise<void> {
    const images = await startImages();
    this.teardown.add('close the image stub', () => images.close());
    const volumes = await startVolumes();
    this.teardown.add('close the volume stub', () => volumes.close());
    const urls = { image: images.url, volume: volumes.urlOf };
    const identity = await startIdentity(() => ({ compute: `${this.#apiUrl}/v2.1`, ...urls }));
    this.teardown.add('close the identity stub', () => identity.close());
    this.#images = images;
    this.#volumes = volumes;
    this.#identity = identity;
  }

  async #configure(apiPort: number): Promise<string> {
    const pasteFile = join(this.run.path, 'api-paste.ini');
    const confFile = join(this.run.path, 'nova.conf');
    const conf = parentConf({
      ...{ cellName: this.cellName, apiPort, pasteFile, imageUrl: this.imageUrl, identityUrl: this.#identity?.url ?? '' },
      stateFolder: join(this.run.path, 'state'),
      transportUrl: transportUrl(this.parentBroker),
      databaseUrl: this.databases.sqlalchemyUrl(this.mainDatabase),
      apiDatabaseUrl: this.databases.sqlalchemyUrl(this.apiDatabase),
    });
    await writeFile(pasteFile, renderIni(pasteConf()));
    await writeFile(confFile, renderIni(conf));
    return confFile;
  }

  async #startServices(confFile: string): Promise<void> {
    const args = ['--config-file', confFile];
    await this.service('parent-cells', 'nova-cells', args);
    await this.service('parent-consoleauth', 'nova-consoleauth', args);
    const api = await this.service('parent-api', 'nova-api', args);
    const answers = await until(async () => !api.isRunning || (await isAnswering(this.#apiUrl)), API_ANSWERS_MS, 500);
    if (answers && api.isRunning) return;
    throw new Error(`nova-api does not answer:\n${await api.lastWords()}\n(all of it in ${api.logFile})`);
  }
}

async function isAnswering(url: string): Promise<boolean> {
  return fetch(url).then(
    (response) => response.ok,
    () => false,
  );
}
