import type { ProviderShape } from '@burstcell/provider';
import type { Store, Usage } from '@burstcell/store';
import { describe, expect, it } from '@jest/globals';
import { Capacities } from '../../src/capacity/capacities.js';
import type { Hosts } from '../../src/hosts.js';

const SHAPE: ProviderShape = {
  zones: [
    { name: 'a', available: true },
    { name: 'b', available: true },
  ],
  hypervisorType: 'ec2',
  hypervisorVersion: 1,
  capabilities: { region: ['eu-central-1'] },
  headroom: { instances: null, vcpus: null, memoryMb: null, diskGb: null },
  refusedMemoryMb: [],
};
const CEILING = { instances: 10, vcpus: 20, ramMb: 20_480, diskGb: 400 };

interface Situation {
  readonly shape?: Partial<ProviderShape> | Error;
  readonly usage?: Partial<Usage>;
  readonly disabled?: readonly string[];
  readonly observeOnly?: boolean;
  readonly seen?: readonly { readonly memoryMb: number; readonly diskGb: number }[];
}

function capacities({ shape = {}, usage, disabled = [], seen = [], observeOnly = false }: Situation) {
  const used = { host: 'h', instances: 0, running: 0, building: 0, vcpus: 0, memoryMb: 0, diskGb: 0, busy: 0, ...usage };
  const store = { instances: { usage: async () => [used] }, flavorSizes: async () => seen } as unknown as Store;
  const hosts = {
    shape: async () => {
      if (shape instanceof Error) throw shape;
      return { ...SHAPE, ...shape };
    },
    disabledZones: async () => disabled,
  } as unknown as Hosts;
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  return new Capacities({
    store,
    hosts,
    log,
    ceiling: CEILING,
    reservePercent: 10,
    memoryMb: [512, 2_048],
    diskGb: [0, 20],
    observeOnly,
    capabilities: { os: ['linux'] },
  });
}

describe('capacities sent up', () => {
  it('offer what the ceiling leaves after the reserve, in slots of the parent’s flavors', async () => {
    const report = await capacities({}).capacities();

    expect(report.ram_free).toEqual({ total_mb: 20_480, units_by_mb: { '512': 10, '2048': 9 } });
    expect(report.disk_free).toEqual({ total_mb: 409_600, units_by_mb: { '0': 0, '20480': 10 } });
  });

  it('offer nothing while the cell only observes', async () => {
    const report = await capacities({ observeOnly: true }).capacities();

    expect(report.ram_free).toEqual({ total_mb: 0, units_by_mb: { '512': 0, '2048': 0 } });
    expect(report.disk_free).toEqual({ total_mb: 0, units_by_mb: { '0': 0, '20480': 0 } });
  });

  it('count what runs already', async () => {
    const report = await capacities({ usage: { instances: 8, vcpus: 8, memoryMb: 16_384, diskGb: 160 } }).capacities();

    expect(report.ram_free).toEqual({ total_mb: 4_096, units_by_mb: { '512': 2, '2048': 1 } });
  });

  it('know the sizes of flavors that were seen in builds', async () => {
    const report = await capacities({ seen: [{ memoryMb: 4_096, diskGb: 40 }] }).capacities();

    expect(report.ram_free.units_by_mb['4096']).toBe(4);
    expect(report.disk_free.units_by_mb['40960']).toBe(9);
  });

  it('take the provider’s limits where they are tighter', async () => {
    const report = await capacities({ shape: { headroom: { ...SHAPE.headroom, instances: 3 } } }).capacities();

    expect(report.ram_free.units_by_mb['512']).toBe(3);
  });

  it.each<[string, Situation]>([
    ['the provider does not answer', { shape: new Error('away') }],
    ['every zone is disabled', { disabled: ['a', 'b'] }],
    ['every zone is impaired', { shape: { zones: [{ name: 'a', available: false }] } }],
    ['the vCPU ceiling is reached', { usage: { instances: 1, vcpus: 20 } }],
    ['the instance ceiling is reached', { usage: { instances: 10 } }],
  ])('are zero when %s', async (_name, situation) => {
    const report = await capacities(situation).capacities();

    expect(Object.values(report.ram_free.units_by_mb)).toEqual([0, 0]);
    expect(report.ram_free.total_mb).toBe(0);
  });

  it('are zero for a size whose offerings were all refused', async () => {
    const report = await capacities({ shape: { refusedMemoryMb: [2_048] } }).capacities();

    expect(report.ram_free.units_by_mb).toEqual({ '512': 10, '2048': 0 });
  });

  it('go with capabilities of operator and provider', async () => {
    expect(await capacities({}).capabilities()).toEqual({ os: ['linux'], region: ['eu-central-1'] });
  });
});
