import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { LaunchRequest, Provider, ProviderInstance } from '@burstcell/provider';
import { type Budget, createEc2Provider, parseEc2Options } from '@burstcell/provider-ec2';
import { openStore, type Store, type Write } from '@burstcell/store';
import { createTestDatabase } from '@burstcell/store/testing';
import { machineWrite } from '../../src/operations/machine.js';
import { WatchedProcess } from '../support/processes.js';
import { until } from '../support/until.js';

/** Rows written and machines launched at a time. */
const LAUNCH_LIMIT_MS = 5 * 60_000;
const TOGETHER = 500;
const INCARNATION = 'bench';

/** A cloud in a process of its own, a database, and as many idle instances in both. */
export class SteadyBed {
  private constructor(
    private readonly cloud: WatchedProcess,
    readonly url: string,
    readonly databaseName: string,
    readonly store: Store,
    private readonly drop: () => Promise<void>,
  ) {}

  static async make(): Promise<SteadyBed> {
    const program = fileURLToPath(new URL('./steady-cloud.js', import.meta.url));
    const cloud = WatchedProcess.spawn({ name: 'fake EC2', program, args: [] });
    const url = await cloud.line((line) => (line.startsWith('{') ? (JSON.parse(line) as { url: string }).url : undefined));
    const database = await createTestDatabase();
    const store = await openStore({ url: database.url, reportGapMs: 400, settleMs: 60_000 });
    return new SteadyBed(cloud, url, new URL(database.url).pathname.slice(1), store, () => database.drop());
  }

  /** The provider as a cell has it, under AWS's limits; with a queue it tells of changes. */
  provider(withEvents: boolean, sharedBudget?: Budget): Provider {
    const keys = { access_key_id: 'fake', secret_access_key: 'fake' };
    const queue = withEvents ? { events_queue_url: `${this.url}/queue` } : {};
    const image = { default_ami: 'amzn2-ami-hvm-x86_64-gp2' };
    const settings = parseEc2Options({ region: 'us-east-1', endpoint_url: this.url, ...keys, ...image, ...queue });
    const budget = sharedBudget === undefined ? {} : { sharedBudget };
    return createEc2Provider({ ...settings, cellName: 'ec2', incarnation: INCARNATION, ...budget });
  }

  async fill(count: number): Promise<void> {
    const provider = this.provider(false, { take: async () => {}, drain() {} });
    const offerings = await provider.offerings(aRequest());
    const zones = [...new Map(offerings.map((offering) => [offering.zone, offering])).values()];
    for (let done = 0; done < count; done += TOGETHER) {
      const offering = zones[(done / TOGETHER) % zones.length];
      if (offering === undefined) throw new Error('no zone has room');
      const requests = Array.from({ length: Math.min(TOGETHER, count - done) }, aRequest);
      await Promise.all(provider.freeze(requests, offering, 1).map((launch) => provider.launch(launch)));
    }
    const machines = await until(
      async () => {
        const running = await runningIn(provider);
        return running.length >= count && running;
      },
      `${count} machines run`,
      LAUNCH_LIMIT_MS,
    );
    for (let at = 0; at < count; at += TOGETHER) {
      await this.store.commit({ writes: machines.slice(at, at + TOGETHER).flatMap(rowsOf) });
    }
    await provider.close();
    await this.forgetEvents();
  }

  /** Of what happened before anything is measured. */
  async forgetEvents(): Promise<void> {
    await this.admin('POST', 'clear-queue');
  }

  /** Requests to EC2 and to the queue so far. */
  async calls(): Promise<{ readonly ec2: number; readonly queue: number }> {
    const { total } = (await this.admin('GET', 'counts')) as { total: number };
    const { requests } = (await this.admin('GET', 'queue')) as { requests: number };
    return { ec2: total, queue: requests };
  }

  async stopOutside(instanceId: string): Promise<void> {
    await this.admin('POST', 'stop', { instanceId });
  }

  async close(): Promise<void> {
    await this.store.close();
    await this.drop();
    await this.cloud.stop();
  }

  private async admin(method: string, path: string, body?: object): Promise<unknown> {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    return (await fetch(`${this.url}/_fake/${path}`, init)).json();
  }
}

async function runningIn(provider: Provider): Promise<readonly ProviderInstance[]> {
  const machines: ProviderInstance[] = [];
  for (let next: string | undefined, isFirst = true; isFirst || next !== undefined; isFirst = false) {
    const page = await provider.list(next);
    machines.push(...page.instances.filter(({ state }) => state === 'running'));
    next = page.next;
  }
  return machines;
}

function aRequest(): LaunchRequest {
  return {
    uuid: randomUUID(),
    projectId: 'p',
    userId: 'u',
    displayName: 'b',
    hostname: 'b',
    flavor: { flavorid: '1', name: 'm1.tiny', memoryMb: 512, vcpus: 1, rootGb: 8, ephemeralGb: 0, swapMb: 0, extraSpecs: {} },
    image: { id: 'image', name: null, properties: {}, minDiskGb: 0, checksum: null, providerImageId: null },
    keyPair: null,
    userData: null,
    metadata: {},
    zone: null,
    disabledZones: [],
    securityGroups: [],
    networks: [],
    injectedFiles: [],
    adminPassword: null,
    configDrive: false,
    schedulerHints: {},
  };
}

function rowsOf(machine: ProviderInstance): readonly Write[] {
  const uuid = randomUUID();
  const columns = {
    vm_state: 'active',
    power_state: 1,
    project_id: 'p',
    user_id: 'u',
    display_name: 'b',
    memory_mb: 512,
    vcpus: 1,
  };
  const children = { metadata: {}, systemMetadata: {}, flavor: {}, blockDevices: [], networkInfo: [] };
  return [
    { write: 'insert-instance', uuid, columns: { ...columns, root_gb: 8, ephemeral_gb: 0 }, ...children },
    machineWrite(uuid, machine, new Date(), null),
  ];
}
