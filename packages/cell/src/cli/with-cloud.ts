import { randomUUID } from 'node:crypto';
import type { Provider } from '@burstcell/provider';
import { openStore, type Store } from '@burstcell/store';
import { pino } from 'pino';
import type { CellConfig } from '../config/cell-config.js';
import { Hosts } from '../hosts.js';
import { openProvider } from '../providers/open-provider.js';

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
    const incarnation = burst.incarnation ?? (await store.settle('incarnation', randomUUID())).value;
    const provider = await openProvider(config, { store, incarnation, log: pino({ level: 'silent' }) });
    try {
      const hosts = new Hosts(store, provider, burst.zonePrefix, () => new Date());
      return await work({ store, provider, hosts, owner: `${cells.name}/${incarnation}` });
    } finally {
      await provider.close();
    }
  } finally {
    await store.close();
  }
}
