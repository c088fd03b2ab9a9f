import { describe, expect, it } from '@jest/globals';
import { withLock } from './lock.js';
import { BedUnavailable } from './unavailable.js';

describe('a lock by name', () => {
  it('lets the second in when the first has left, and tells it once that it waits', async () => {
    const order: string[] = [];
    const name = `lock test ${process.pid} one`;
    let second: Promise<unknown> = Promise.resolve();

    const first = withLock(name, 5_000, async () => {
      order.push('first in');
      await new Promise<void>((toldToWait) => {
        second = withLock(
          name,
          5_000,
          async () => order.push('second in'),
          () => {
            order.push('second waits');
            toldToWait();
          },
        );
      });
      order.push('first out');
    });
    await first;
    await second;

    expect(order).toEqual(['first in', 'second waits', 'first out', 'second in']);
  });

  it('gives up on one that does not let go', async () => {
    const name = `lock test ${process.pid} two`;

    const outcome = await withLock(name, 5_000, () => withLock(name, 0, async () => 'in').catch((error: unknown) => error));

    expect(outcome).toBeInstanceOf(BedUnavailable);
  });

  it('is free again after work that failed', async () => {
    const name = `lock test ${process.pid} three`;
    await expect(withLock(name, 0, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');

    await expect(withLock(name, 0, async () => 'in')).resolves.toBe('in');
  });
});
