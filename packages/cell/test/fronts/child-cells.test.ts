import { describe, expect, it } from '@jest/globals';
import { ChildCells } from '../../src/fronts/cells-v1/child-cells.js';

const MUTE_AFTER_MS = 300_000;

const capacities = (total: number, units: Record<string, number>) => ({
  ram_free: { total_mb: total, units_by_mb: units },
  disk_free: { total_mb: 0, units_by_mb: {} },
});

function someCells() {
  const clock = { ms: 0 };
  return { clock, cells: new ChildCells(MUTE_AFTER_MS, () => clock.ms) };
}

describe('the cells below ours', () => {
  it('add their room to ours, slot by slot', () => {
    const { cells } = someCells();
    cells.heard('a', { capacities: capacities(1_000, { '512': 1, '2048': 2 }) });
    cells.heard('b', { capacities: capacities(10, { '4096': 5 }) });

    expect(cells.capacitiesWith(capacities(100, { '512': 10 }))).toEqual(capacities(1_110, { '512': 11, '2048': 2, '4096': 5 }));
  });

  it('join their capabilities to ours', () => {
    const { cells } = someCells();
    cells.heard('a', { capabilities: { hypervisor: ['kvm', 'ec2'], os: ['linux'] } });

    expect(cells.capabilitiesWith({ hypervisor: ['ec2'] })).toEqual({ hypervisor: ['ec2', 'kvm'], os: ['linux'] });
  });

  it('count no more when they have been silent for long', () => {
    const { cells, clock } = someCells();
    cells.heard('a', { capacities: capacities(1_000, {}) });

    clock.ms = MUTE_AFTER_MS + 1;

    expect(cells.isMute('a')).toBe(true);
    expect(cells.capacitiesWith(capacities(1, {})).ram_free.total_mb).toBe(1);
  });

  it('are not mute before they could have spoken', () => {
    expect(someCells().cells.isMute('new')).toBe(false);
  });

  it('are news only when their room has changed', () => {
    const { cells } = someCells();

    const heard = [1, 1, 2].map((total) => cells.heard('a', { capacities: capacities(total, {}) }));

    expect(heard).toEqual([true, false, true]);
    expect(cells.heard('a', { capabilities: { os: ['linux'] } })).toBe(false);
  });

  it.each([
    ['a number that is none', { ram_free: { total_mb: 'much', units_by_mb: { '512': Number.NaN } } }],
    ['less than nothing', { ram_free: { total_mb: -5, units_by_mb: { '512': -1 } } }],
    ['no object', { ram_free: 3, disk_free: null }],
  ])('cannot spoil our sum with %s', (_name, bad) => {
    const { cells } = someCells();
    cells.heard('a', { capacities: bad });

    expect(cells.capacitiesWith(capacities(100, { '512': 1 }))).toEqual(capacities(100, { '512': 1 }));
  });
});
