import { describe, expect, it } from '@jest/globals';
import { Cached } from '../src/cached.js';
import { ManualClock } from '../src/fake/index.js';

function aCached() {
  const clock = new ManualClock();
  const state = { loads: 0, isBroken: false, warnings: 0 };
  const cached = new Cached({
    what: 'numbers',
    freshMs: 60_000,
    clock,
    log: {
      info: () => {},
      warn: () => {
        state.warnings += 1;
      },
    },
    load: async () => {
      state.loads += 1;
      if (state.isBroken) throw new Error('away');
      return state.loads;
    },
  });
  return { cached, clock, state };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a cached fact', () => {
  it('is loaded at first need, once for all who ask', async () => {
    const { cached, state } = aCached();
    expect(cached.peek()).toBeUndefined();

    expect(await Promise.all([cached.get(), cached.get()])).toEqual([1, 1]);
    expect(state.loads).toBe(1);
  });

  it('is served at once when it has aged, and refreshed behind', async () => {
    const { cached, clock } = aCached();
    await cached.get();
    clock.advance(60_000);

    expect(await cached.get()).toBe(1);
    await turn();
    expect(await cached.get()).toBe(2);
  });

  it('outlives failed refreshes, which are logged and not hurried', async () => {
    const { cached, clock, state } = aCached();
    await cached.get();
    state.isBroken = true;
    clock.advance(60_000);

    expect(await cached.get()).toBe(1);
    await turn();
    expect(await cached.get()).toBe(1);

    expect(state).toMatchObject({ loads: 2, warnings: 1 });
  });

  it('is asked for again when its first load failed', async () => {
    const { cached, state } = aCached();
    state.isBroken = true;
    await expect(cached.get()).rejects.toThrow('away');

    state.isBroken = false;
    expect(await cached.get()).toBe(2);
  });

  it('lets a caller go that waits no longer', async () => {
    const { cached } = aCached();

    await expect(cached.get(AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });
});
