import { DemoParent } from '../demo-parent/demo-parent.js';
import { percentile, rounded } from '../support/print.js';
import type { Rig } from './rig.js';

export interface Timing {
  readonly p50: number;
  readonly p99: number;
}

export interface Listings {
  readonly serviceGetAllMs: Timing;
  readonly computeNodeGetAllMs: Timing;
  readonly computeNodeStatsMs: Timing;
}

const ROUNDS = 100;

/** Asks each listing many times, one after another, as an API does. */
export async function measureListings({ names, amqpUrl }: Rig): Promise<Listings> {
  const parent = await DemoParent.start({
    url: amqpUrl,
    release: 'rocky',
    controlExchange: names.parentExchange,
    queueBase: names.parentQueueBase,
    childControlExchange: names.childExchange,
    childQueueBase: names.childQueueBase,
    storeDelayMs: 0,
  });
  try {
    return {
      serviceGetAllMs: await timed(() => parent.admin.services()),
      computeNodeGetAllMs: await timed(() => parent.admin.hypervisors()),
      computeNodeStatsMs: await timed(() => parent.admin.statistics()),
    };
  } finally {
    await parent.stop();
  }
}

async function timed(ask: () => Promise<unknown>): Promise<Timing> {
  const took: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const beganAt = performance.now();
    await ask();
    took.push(performance.now() - beganAt);
  }
  return { p50: rounded(percentile(took, 0.5)), p99: rounded(percentile(took, 0.99)) };
}
