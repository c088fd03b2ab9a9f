import { randomUUID } from 'node:crypto';
import { ManualClock, SimulatedCloud, type SimulatedCloudOptions } from '@burstcell/provider/simulator';
import { type JsonObject, openStore, type Store } from '@burstcell/store';
import { createTestDatabase, type TestDatabase } from '@burstcell/store/testing';
import { submissionUnit } from '../../src/operations/submit.js';
import { verbs } from '../../src/operations/verbs.js';
import { Fate, Replica, type ReplicaOptions } from './replica.js';

const DEADLINES = { buildMs: 600_000, verbMs: 300_000 };
/** Longer than any change of state in the world takes. */
const A_WHILE_MS = 10_000;
const MAX_ROUNDS = 60;

const BUILD: JsonObject = {
  image: { id: 'image', properties: {} },
  injectedFiles: [],
  securityGroups: [],
  networks: [],
  schedulerHints: {},
  zone: null,
  reportHints: {},
};

/** A database, a cloud whose machines take their time, and its clock. One for all lives of a file: their rows are in one database too. */
export class World {
  readonly clock = new ManualClock(Date.now());
  readonly cloud: SimulatedCloud;

  private constructor(
    private readonly database: TestDatabase,
    readonly store: Store,
    options: SimulatedCloudOptions,
  ) {
    this.cloud = new SimulatedCloud({ clock: this.clock, bootMs: 5_000, stopMs: 5_000, terminateMs: 5_000, ...options });
  }

  static async make(options: SimulatedCloudOptions = {}): Promise<World> {
    const database = await createTestDatabase();
    const store = await openStore({ url: database.url, poolSize: 4, reportGapMs: 0, settleMs: 60_000 });
    return new World(database, store, options);
  }

  async close(): Promise<void> {
    await this.store.close();
    await this.database.drop();
  }

  /** How far the cell's time is ahead: for what is not done before its time. */
  private aheadMs = 0;
  readonly now = () => new Date(Date.now() + this.aheadMs);

  /** What a message that asks for this verb leaves behind. Answers its cause. */
  async submit(uuid: string, verb: string, parameters: JsonObject = {}): Promise<string> {
    const origin = { requestId: `req-${randomUUID()}`, userId: 'u', projectId: 'p' };
    const cause = randomUUID();
    const isBuild = verb === 'build';
    await this.store.commit(
      submissionUnit(
        {
          messageUuid: cause,
          method: 'test',
          intents: [{ verb, uuid, parameters: isBuild ? { ...BUILD, ...parameters } : parameters, cause, origin }],
          ...(isBuild ? { writes: [insertWrite(uuid)] } : {}),
        },
        verbs,
        DEADLINES,
        new Date(),
      ),
    );
    return cause;
  }

  /** Submits the verb and lets replicas work until nothing is left to do. */
  async perform(uuid: string, verb: string, parameters: JsonObject = {}, options: ReplicaOptions = {}): Promise<void> {
    await this.submit(uuid, verb, parameters);
    await this.settle(uuid, new Fate(), options);
  }

  async builtInstance(): Promise<string> {
    const uuid = randomUUID();
    await this.perform(uuid, 'build');
    return uuid;
  }

  /** Replicas work until nothing of the instance is left to do; the first may be doomed, its successors are not. */
  async settle(uuid: string, first: Fate, options: ReplicaOptions = {}): Promise<void> {
    let replica = new Replica(this, first, options);
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      await replica.work();
      if (first.isDead) replica = new Replica(this, new Fate(), options);
      await replica.work();
      if ((await this.unfinished(uuid)) === 0) return;
      this.clock.advance(A_WHILE_MS);
      this.aheadMs += options.paceMs ?? 0;
      await this.store.commit({ writes: [{ write: 'wake-operations', uuid }] });
      await this.lookNow(replica, uuid);
    }
    throw new Error(`operations of ${uuid} do not come to an end`);
  }

  /** A doomed replica alone, until it has nothing to do or dies. */
  async work(fate: Fate, options: ReplicaOptions = {}): Promise<void> {
    await new Replica(this, fate, options).work();
  }

  /** The watcher's next look, made due. */
  async look(uuid: string): Promise<void> {
    await this.lookNow(new Replica(this, new Fate()), uuid);
  }

  async states(uuid: string) {
    const view = (await this.store.instances.views([uuid])).get(uuid);
    return { vm: view?.vm_state, task: view?.task_state, power: view?.power_state };
  }

  async view(uuid: string) {
    const view = (await this.store.instances.views([uuid])).get(uuid);
    if (view === undefined) throw new Error(`no instance ${uuid}`);
    return view;
  }

  machines(uuid: string) {
    return this.cloud.snapshot().filter((machine) => machine.member === uuid);
  }

  living(uuid: string) {
    return this.machines(uuid).filter((machine) => machine.state !== 'terminated' && machine.state !== 'terminating');
  }

  /** How many snapshots the cloud holds, of whatever. */
  snapshots(): number {
    return this.cloud.at((site) => site.state.snapshots.size);
  }

  /** A deferred reclaim waits for its own time: it does not count. */
  private async unfinished(uuid: string): Promise<number> {
    return (await this.store.operations.pending(uuid)).filter((operation) => operation.verb !== 'reclaim').length;
  }

  private async lookNow(replica: Replica, uuid: string): Promise<void> {
    const row = (await this.store.providerInstances.of([uuid])).get(uuid);
    if (row?.nextLookAt != null) {
      await this.store.commit({ writes: [{ write: 'set-provider-instance', ...row, nextLookAt: new Date(0) }] });
    }
    await replica.look();
  }
}

function insertWrite(uuid: string) {
  return {
    write: 'insert-instance',
    uuid,
    columns: {
      vm_state: 'building',
      task_state: 'scheduling',
      display_name: 'web',
      project_id: 'p',
      user_id: 'u',
      image_ref: 'image',
      instance_type_id: 1,
      memory_mb: 512,
      vcpus: 1,
      root_gb: 1,
      ephemeral_gb: 0,
    },
    metadata: {},
    systemMetadata: { image_os: 'linux' },
    flavor: { id: 1, flavorid: '1', name: 'm1.tiny', memory_mb: 512, vcpus: 1, root_gb: 1, ephemeral_gb: 0 },
    blockDevices: [],
    networkInfo: [],
  } as const;
}
