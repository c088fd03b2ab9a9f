import { openStore } from '@burstcell/store';
import type { CellConfig } from '../../config/cell-config.js';
import { CliError } from '../cli-error.js';
import type { Place } from './places.js';
import type { RecordingHeader } from './recording.js';

/** A replay boots, stops and deletes: in a cell that somebody needs, that is not to be had by a slip of the finger. */
const REMEDY =
  'Replay into a scratch cell: a database, brokers and the simulator of its own. With --force it is done all the same.';

/** Throws a CliError that says why this cell is not to be replayed into. */
export async function refuseUnlessScratch(config: CellConfig, places: readonly Place[], header: RecordingHeader): Promise<void> {
  const { provider } = config.burst;
  if (provider !== 'simulator') throw new CliError(`this cell runs on ${provider}: a replay would boot servers there`, REMEDY);
  const shared = sharedAddress(places, header);
  if (shared !== undefined) throw new CliError(`${shared} is where the recording was made`, REMEDY);
  if (await hasInstances(config)) throw new CliError("there are living instances in this cell's database", REMEDY);
}

/** The same broker, virtual host and names: its cells would take the replay for the real thing. */
function sharedAddress(places: readonly Place[], header: RecordingHeader): string | undefined {
  const recorded = new Set(
    header.brokers.flatMap(({ addresses, queueBase }) => addresses.map((address) => `${address} ${queueBase}`)),
  );
  const ours = places.flatMap(({ broker }) => broker.addresses.map((address) => ({ address, queueBase: broker.queueBase })));
  return ours.find(({ address, queueBase }) => recorded.has(`${address} ${queueBase}`))?.address;
}

async function hasInstances({ database }: CellConfig): Promise<boolean> {
  const store = await openStore({ url: database.connection, poolSize: 1, reportGapMs: 0, settleMs: 0 });
  try {
    return (await store.instances.list({ limit: 1 })).length > 0;
  } finally {
    await store.close();
  }
}
