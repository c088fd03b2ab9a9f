import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BootRequest } from '../demo-parent/boot.js';
import { Ec2Cell } from '../support/ec2-cell.js';
import { START_MS } from './parent-kit.js';

describe('hints about other servers', () => {
  let cell: Ec2Cell;
  beforeAll(async () => {
    cell = await Ec2Cell.start('hints');
  }, START_MS);
  afterAll(() => cell?.end());

  async function booted(request: Partial<BootRequest> = {}): Promise<{ uuid: string; host: string | null }> {
    const { parent } = cell.world;
    const [uuid = ''] = await parent.api.boot({ name: 'one', ...request });
    return { uuid, host: (await parent.waitForState(uuid, 'active')).host };
  }

  it('same_host is the zone of that server', async () => {
    const there = await booted({ zone: 'us-east-1c' });
    const [free, near] = [await booted(), await booted({ hints: { same_host: there.uuid } })];

    expect(free.host).not.toBe(there.host);
    expect(near.host).toBe(there.host);
  });

  it('different_host is another zone than that of the server', async () => {
    const [there, free] = [await booted(), await booted()];
    const away = await booted({ hints: { different_host: there.uuid } });

    expect(free.host).toBe(there.host);
    expect(away.host).not.toBe(there.host);
  });

  it('name servers that are gone or unknown to no effect', async () => {
    const [there, free] = [await booted({ zone: 'us-east-1c' }), await booted()];
    await cell.world.parent.api.delete(there.uuid);
    await cell.world.gone(there.uuid);

    expect((await booted({ hints: { same_host: there.uuid } })).host).toBe(free.host);
    expect((await booted({ hints: { same_host: 'unknown' } })).host).toBe(free.host);
  });
});
