import { type MakeOptions, type ProviderSetup, type ProviderUnderTest, untilState } from '@burstcell/provider/conformance';
import { ManualClock, SimulatedCloud, Simulator } from '@burstcell/provider/simulator';

/** Transitional states of a `slow` cloud, by its own clock; and how far that clock moves between two looks. */
const SLOW_MS = 30_000;
const STEP_MS = 10_000;
/** Looks after which nothing more will change: the longest change takes nine. */
const ENOUGH_LOOKS = 100;

/** The simulator as the conformance suite wants it. */
export const simulatorSetup: ProviderSetup = {
  make,
  skip: {
    'describe: gathers calls made at nearly the same time into few requests':
      'a call in memory is no request that could be saved',
  },
};

async function make({ pace, pageSize }: MakeOptions): Promise<ProviderUnderTest> {
  const clock = new ManualClock();
  const delayMs = pace === 'slow' ? SLOW_MS : 0;
  const cloud = new SimulatedCloud({
    clock,
    bootMs: delayMs,
    stopMs: delayMs,
    terminateMs: delayMs,
    changeMs: delayMs,
    snapshotMs: delayMs,
    keptAddresses: true,
    ...(pageSize === undefined ? {} : { pageSize }),
  });
  const provider = new Simulator({ cloud });
  let looks = 0;
  const elapse = () => {
    looks += 1;
    if (looks > ENOUGH_LOOKS) throw new Error('nothing has changed in a long time');
    clock.advance(STEP_MS);
  };
  return {
    provider,
    unknownId: 'sim-ffffffffffff',
    replica: async () => new Simulator({ cloud }),
    stranger: async () => new Simulator({ cloud, cellName: 'another' }),
    fault: (fault) => cloud.fault(fault),
    full: (zone, left) => cloud.fill(zone, left),
    requests: (verb) => cloud.counts[verb] ?? 0,
    effects: (ability, providerId) =>
      cloud.snapshot().find((machine) => machine.providerId === providerId)?.effects[ability] ?? 0,
    volumes: { create: async (zone) => cloud.createVolume(zone).providerVolumeId, unknownId: 'vol-ffffffffffff' },
    outsider: async () => {
      const id = cloud.launchOutside('zone-a');
      await untilState(provider, { providerId: id, state: 'running' }, elapse);
      return id;
    },
    settle: (providerId, state) => untilState(provider, { providerId, state }, elapse),
    elapse,
  };
}
