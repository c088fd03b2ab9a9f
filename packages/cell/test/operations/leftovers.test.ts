import type { Leftover, Provider } from '@burstcell/provider';
import { describe, expect, it } from '@jest/globals';
import { Leftovers } from '../../src/reconcile/leftovers.js';
import type { StrayPolicy } from '../../src/reconcile/strays.js';

const HOUR_MS = 3_600_000;
const DISK: Leftover = { leftoverId: 'vol-1', providerId: 'i-1', sizeGb: 8 };
const ADDRESS: Leftover = { leftoverId: 'eipalloc-1', kind: 'address', providerId: 'i-1', sizeGb: null };

/** Cannot be given back. */
const STUBBORN = 'eipalloc-0';

/** A provider with these left over, and the sweep's part that looks at them. */
function aPart(policy: StrayPolicy, found: Leftover[] = [DISK], observeOnly = false) {
  const deleted: string[] = [];
  const said: string[] = [];
  let nowMs = 0;
  const provider = {
    leftovers: async () => found,
    deleteLeftover: async ({ leftoverId }: Leftover) => {
      if (leftoverId === STUBBORN) throw new Error('no');
      deleted.push(leftoverId);
    },
  } as unknown as Provider;
  const log = { debug() {}, info() {}, warn: (_: object, text: string) => void said.push(text), error() {} };
  const leftovers = new Leftovers({ provider, log, policy, observeOnly, now: () => new Date(nowMs) });
  const look = async (times: number, afterMs = 0) => {
    nowMs += afterMs;
    for (let at = 0; at < times; at += 1) await leftovers.handle();
  };
  return { look, deleted, said, found };
}

describe('leftover disks', () => {
  it.each(['report', 'stop'] as const)('are told of after some looks, and no more with %s', async (policy) => {
    const { look, deleted, said } = aPart(policy);

    await look(2);
    expect(said).toEqual([]);
    await look(2, 48 * HOUR_MS);

    expect(said[0]).toContain('still there');
    expect(deleted).toEqual([]);
  });

  it('are deleted a day after they were first seen', async () => {
    const { look, deleted } = aPart('delete');

    await look(3, 23 * HOUR_MS);
    expect(deleted).toEqual([]);
    await look(1, 24 * HOUR_MS);

    expect(deleted).toEqual(['vol-1']);
  });

  it('begin anew when one look does not show them', async () => {
    const { look, deleted, found } = aPart('delete');
    await look(3);

    found.length = 0;
    await look(1, 25 * HOUR_MS);
    found.push(DISK);
    await look(3);

    expect(deleted).toEqual([]);
  });

  it('are few at a time', async () => {
    const many = Array.from({ length: 9 }, (_, at) => ({ ...DISK, leftoverId: `vol-${at}` }));
    const { look, deleted } = aPart('delete', many);
    await look(3);
    await look(1, 25 * HOUR_MS);

    expect(deleted).toHaveLength(5);
  });

  it('are no business of a provider that leaves none', async () => {
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    await expect(
      new Leftovers({ provider: {} as Provider, log, policy: 'delete', observeOnly: false, now: () => new Date() }).handle(),
    ).resolves.toBeUndefined();
  });
});

describe('leftover addresses', () => {
  it.each(['report', 'stop', 'delete'] as const)('are given back as soon as they are believed, with %s too', async (policy) => {
    const { look, deleted, said } = aPart(policy, [ADDRESS]);

    await look(2);
    expect(deleted).toEqual([]);
    await look(1);

    expect(deleted).toEqual(['eipalloc-1']);
    expect(said).toEqual([expect.stringContaining('cost money'), 'public address given back']);
  });

  it('of which one cannot be given back keep neither others nor disks', async () => {
    const { look, deleted, said } = aPart('delete', [{ ...ADDRESS, leftoverId: STUBBORN }, ADDRESS, DISK]);
    await look(3);

    await look(1, 25 * HOUR_MS);

    expect(deleted).toEqual(['eipalloc-1', 'eipalloc-1', 'vol-1']);
    expect(said).toContain('a public address could not be given back; it goes on costing money');
  });

  it('do not take disks with them', async () => {
    const { look, deleted } = aPart('report', [ADDRESS, DISK]);

    await look(3, 25 * HOUR_MS);

    expect(deleted).toEqual(['eipalloc-1']);
  });

  it('are only told of by a cell that only observes', async () => {
    const { look, deleted, said } = aPart('report', [ADDRESS], true);

    await look(4);

    expect(deleted).toEqual([]);
    expect(said[0]).toContain('cost money');
  });
});
