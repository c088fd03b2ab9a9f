import type { Ini, LinkNames } from '../support/cell-config.js';
import { linkNames } from '../support/cell-config.js';
import { Cell } from '../support/cell-process.js';
import { clearBroker } from '../support/clear-broker.js';
import { environment, runFolder, uniqueName } from '../support/environment.js';
import type { WatchedProcess } from '../support/processes.js';
import { scratchDatabase } from '../support/scratch-database.js';
import { Load } from './load.js';

export interface Rig {
  readonly names: LinkNames;
  readonly amqpUrl: string;
  readonly process: WatchedProcess;
  readonly databaseName: string;
  readonly load: Load;
  readonly folder: string;
}

/** One cell process on the simulator with databases and queues of its own, lent to `work`. */
export async function withRig<T>(name: string, ini: Ini, work: (rig: Rig) => Promise<T>): Promise<T> {
  const { amqpUrl, pgUrl, ...env } = environment();
  const names = linkNames(uniqueName(name));
  const folder = runFolder(name, { amqpUrl, pgUrl, ...env });
  const database = await scratchDatabase(pgUrl, 'bench');
  const load = await Load.start(amqpUrl, names);
  let running: WatchedProcess | undefined;
  try {
    const cell = new Cell({ folder, names, amqpUrl, databaseUrl: database.url, release: 'rocky', ini });
    await cell.prepare();
    running = await cell.run();
    return await work({ names, amqpUrl, process: running, databaseName: new URL(database.url).pathname.slice(1), load, folder });
  } catch (error) {
    process.stderr.write(`${running?.lastWords() ?? ''}\n`);
    throw error;
  } finally {
    await running?.stop();
    await load.stop().catch(() => {});
    await database.drop();
    await clearBroker(amqpUrl, names, ['replica-0']);
  }
}
