import { openApiDatabase } from '../demo-parent/api-database.js';
import { DemoParent, type DemoParentOptions } from '../demo-parent/demo-parent.js';
import { type Ini, type LinkNames, linkNames } from './cell-config.js';
import { Cell, type CellOptions } from './cell-process.js';
import { clearBroker } from './clear-broker.js';
import { environment, runFolder, uniqueName } from './environment.js';
import type { WatchedProcess } from './processes.js';
import { type ScratchDatabase, scratchDatabase } from './scratch-database.js';

export interface StageOptions {
  /** Names the run's folder, queues and databases. */
  readonly name: string;
  readonly release: DemoParentOptions['release'];
  readonly ini: Ini;
  readonly parent?: Partial<DemoParentOptions>;
  /** False: the cell gets no `[api_database]`. */
  readonly withApiDatabase?: boolean;
  onLine?: CellOptions['onLine'];
}

/** A demo parent and a child cell under it, with databases and queues of their own. */
export class Stage {
  readonly replicas: WatchedProcess[] = [];
  private readonly endings: (() => Promise<unknown>)[] = [];

  private constructor(
    readonly folder: string,
    readonly names: LinkNames,
    readonly database: ScratchDatabase,
    readonly parent: DemoParent,
    readonly cell: Cell,
  ) {}

  /** Everything but a running cell; what was made is unmade when a step fails. */
  static async set(options: StageOptions): Promise<Stage> {
    const env = environment();
    const names = linkNames(uniqueName(options.name));
    const endings: (() => Promise<unknown>)[] = [() => clearBroker(env.amqpUrl, names, ['replica-0', 'replica-1', 'replica-2'])];
    try {
      const folder = runFolder(options.name, env);
      const database = await scratchDatabase(env.pgUrl, options.name.replaceAll('-', '_'));
      endings.push(() => database.drop());
      const apiDatabase = options.withApiDatabase === false ? undefined : await scratchDatabase(env.pgUrl, 'api');
      if (apiDatabase) endings.push(() => apiDatabase.drop());
      const parent = await DemoParent.start({
        url: env.amqpUrl,
        release: options.release,
        controlExchange: names.parentExchange,
        queueBase: names.parentQueueBase,
        childControlExchange: names.childExchange,
        childQueueBase: names.childQueueBase,
        ...(apiDatabase ? { apiDatabase: await openApiDatabase(apiDatabase.url) } : {}),
        ...options.parent,
      });
      endings.push(() => parent.stop());
      const cell = new Cell({
        folder,
        names,
        amqpUrl: env.amqpUrl,
        databaseUrl: database.url,
        ...(apiDatabase ? { apiDatabaseUrl: apiDatabase.url } : {}),
        release: options.release,
        ini: options.ini,
        ...(options.onLine ? { onLine: options.onLine } : {}),
      });
      await cell.prepare();
      const stage = new Stage(folder, names, database, parent, cell);
      stage.endings.push(...endings);
      return stage;
    } catch (error) {
      await unmake(endings);
      throw error;
    }
  }

  /** With one cell up and its parent aware of it. */
  static async up(options: StageOptions): Promise<Stage> {
    const stage = await Stage.set(options);
    try {
      await stage.start(0);
      await stage.parent.waitForChild();
      return stage;
    } catch (error) {
      const words = stage.replicas[0]?.lastWords() ?? '';
      await stage.end();
      throw new Error(`${error instanceof Error ? error.message : String(error)}\nthe cell's last words:\n${words}`, {
        cause: error,
      });
    }
  }

  async start(replica: number): Promise<WatchedProcess> {
    const watched = await this.cell.run(replica);
    this.replicas[replica] = watched;
    return watched;
  }

  /** Called at the end, before what the stage itself made is unmade. */
  atEnd(work: () => Promise<unknown>): void {
    this.endings.push(work);
  }

  /** Stops and removes everything. May be called twice. */
  async end(): Promise<void> {
    await Promise.all(this.replicas.map((replica) => (replica.isRunning ? replica.stop() : undefined)));
    await unmake(this.endings);
  }
}

/** Last made, first unmade; one failure does not keep the others. */
async function unmake(endings: (() => Promise<unknown>)[]): Promise<void> {
  for (const ending of endings.splice(0).reverse()) {
    try {
      await ending();
    } catch (error) {
      process.stderr.write(`while ending: ${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
}
