import type { Store, Unit } from '@burstcell/store';
import { describe, expect, it } from '@jest/globals';
import { keepFinding, releaseFinding } from '../../src/fronts/cells-v1/release-finding.js';
import { silentLog } from './tools.js';

/** A store that keeps rejected messages, newest first. */
function aStore() {
  const rows: { id: string; at: Date; reason: string; detail: string; method: null; body: string }[] = [];
  const store = {
    commit: async ({ writes }: Unit) => {
      for (const write of writes) {
        if (write.write !== 'reject') throw new Error(`unexpected ${write.write}`);
        const { reason, detail } = write;
        rows.unshift({ id: String(rows.length), at: new Date(rows.length), reason, detail, method: null, body: '' });
      }
      return 'done';
    },
    rejected: { list: async () => rows, count: async () => rows.length },
  } as unknown as Store;
  return { store, rows };
}

describe('a finding about the parent’s release', () => {
  it('outlives the process that made it: the newest is found again', async () => {
    const { store } = aStore();
    await keepFinding(store, 'older', silentLog);
    await keepFinding(store, 'newer', silentLog);

    expect(await releaseFinding(store, new Date(0))).toMatchObject({ detail: 'newer' });
  });

  it('is none when it is older than asked for, or among other rejects', async () => {
    const { store, rows } = aStore();
    rows.push({ id: 'x', at: new Date(9), reason: 'bad-json', detail: 'd', method: null, body: '' });
    await keepFinding(store, 'old', silentLog);

    expect(await releaseFinding(store, new Date(5))).toBeNull();
  });

  it('that cannot be kept harms nobody', async () => {
    const store = { commit: () => Promise.reject(new Error('away')) } as unknown as Store;

    await expect(keepFinding(store, 'any', silentLog)).resolves.toBeUndefined();
  });
});
