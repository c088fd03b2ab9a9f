import { describe, expect, it } from '@jest/globals';
import { namedFlavor, nearestFlavor } from '../../src/cli/adopt/flavor-choice.js';

const flavor = (name: string, vcpus: number, memory: number) => ({
  id: 1,
  flavorid: `id-${name}`,
  name,
  vcpus,
  memory_mb: memory,
});

const TINY = flavor('m1.tiny', 1, 512);
const SMALL = flavor('m1.small', 1, 2_048);
const MEDIUM = flavor('m1.medium', 2, 4_096);
const LARGE = flavor('m1.large', 4, 8_192);
const FLAVORS = [LARGE, TINY, MEDIUM, SMALL];

describe('the flavor of a machine that is taken in', () => {
  it.each([
    [{ vcpus: 2, memoryMb: 4_096 }, MEDIUM],
    [{ vcpus: 2, memoryMb: 2_048 }, SMALL],
    [{ vcpus: 1, memoryMb: 1_024 }, TINY],
    [{ vcpus: 64, memoryMb: 262_144 }, LARGE],
    [{ vcpus: 4, memoryMb: 7_680 }, LARGE],
  ])('of %j is the nearest in doublings, of equals the one with less memory', (size, nearest) => {
    expect(nearestFlavor(FLAVORS, size)).toBe(nearest);
  });

  it('is none where the size or every flavor is unknown', () => {
    expect(nearestFlavor(FLAVORS, { vcpus: null, memoryMb: 512 })).toBeNull();
    expect(nearestFlavor([], { vcpus: 1, memoryMb: 512 })).toBeNull();
    expect(nearestFlavor([{ name: 'broken', vcpus: null, memory_mb: 0 }], { vcpus: 1, memoryMb: 512 })).toBeNull();
  });

  it('can be named or given by its id; an unknown one is refused with those there are', () => {
    expect(namedFlavor(FLAVORS, 'm1.small')).toBe(SMALL);
    expect(namedFlavor(FLAVORS, 'id-m1.large')).toBe(LARGE);
    expect(() => namedFlavor(FLAVORS, 'm9.none')).toThrow(
      expect.objectContaining({ remedy: expect.stringContaining('m1.large, m1.tiny') }),
    );
    expect(() => namedFlavor([], 'm1.tiny')).toThrow(expect.objectContaining({ remedy: expect.stringContaining('learnt') }));
  });
});
