import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../src/fake/index.js';
import { LocalBudget } from '../src/index.js';

/** Starts `count` takes and tells how many got through so far. */
function takers(budget: LocalBudget, count: number, demand: Parameters<LocalBudget['take']>[1] = {}) {
  const state = { admitted: 0 };
  const all = Array.from({ length: count }, () =>
    budget.take('RunInstances', demand).then(() => {
      state.admitted += 1;
    }),
  );
  return { state, all };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the budget of one process', () => {
  it('admits the burst at once and the rest at the refill rate', async () => {
    const clock = new ManualClock();
    const { state } = takers(new LocalBudget(clock), 10);

    await turn();
    expect(state.admitted).toBe(5);

    clock.advance(1000);
    await turn();
    expect(state.admitted).toBe(7);

    clock.advance(1500);
    await turn();
    expect(state.admitted).toBe(10);
  });

  it('counts machines too', async () => {
    const clock = new ManualClock();
    const { state } = takers(new LocalBudget(clock), 3, { instances: 500 });

    await turn();
    expect(state.admitted).toBe(2);

    clock.advance(250_000);
    await turn();
    expect(state.admitted).toBe(3);
  });

  it('lets a call pass that touches more machines than the bucket ever holds', async () => {
    const { state } = takers(new LocalBudget(new ManualClock()), 1, { instances: 5000 });

    await turn();
    expect(state.admitted).toBe(1);
  });

  it('lets a call pass whose request is paid for, before those who still wait', async () => {
    const clock = new ManualClock();
    const budget = new LocalBudget(clock);
    takers(budget, 6, { instances: 0 });
    const paid = takers(budget, 1, { requests: 0, instances: 1000 });
    await turn();
    expect(paid.state.admitted).toBe(1);

    const { state } = takers(budget, 1, { requests: 0, instances: 10 });
    clock.advance(4000);
    await turn();
    expect(state.admitted).toBe(0);

    clock.advance(1000);
    await turn();
    expect(state.admitted).toBe(1);
  });

  it('keeps actions apart', async () => {
    const budget = new LocalBudget(new ManualClock());
    takers(budget, 6);

    await expect(budget.take('TerminateInstances', {})).resolves.toBeUndefined();
  });

  it('serves users before sweeps, and sweeps leave a quarter to users', async () => {
    const clock = new ManualClock();
    const budget = new LocalBudget(clock);
    const sweeps = takers(budget, 5, { priority: 'sweep' });
    await turn();
    expect(sweeps.state.admitted).toBe(3);

    const users = takers(budget, 2);
    await turn();
    expect(users.state.admitted).toBe(2);
    expect(sweeps.state.admitted).toBe(3);
  });

  it('waits for the whole refill after AWS said it was too much', async () => {
    const clock = new ManualClock();
    const budget = new LocalBudget(clock);
    budget.drain('RunInstances', 1);
    const { state } = takers(budget, 1);

    await turn();
    expect(state.admitted).toBe(0);

    clock.advance(500);
    await turn();
    expect(state.admitted).toBe(1);
  });

  it('counts no machines for a launch that AWS turned away', async () => {
    const clock = new ManualClock();
    const budget = new LocalBudget(clock);
    await budget.take('RunInstances', { instances: 600 });
    budget.drain('RunInstances', 600);
    clock.advance(500);

    const { state } = takers(budget, 1, { instances: 600 });
    await turn();

    expect(state.admitted).toBe(1);
  });

  it('lets an aborted call leave the line without taking anything', async () => {
    const clock = new ManualClock();
    const budget = new LocalBudget(clock);
    takers(budget, 5);
    const controller = new AbortController();
    const aborted = budget.take('RunInstances', {}, controller.signal);
    const { state } = takers(budget, 1);

    controller.abort(new Error('enough'));

    await expect(aborted).rejects.toThrow('enough');
    clock.advance(500);
    await turn();
    expect(state.admitted).toBe(1);
  });

  it('refuses those who wait when it is closed', async () => {
    const budget = new LocalBudget(new ManualClock());
    const { all } = takers(budget, 6);

    budget.close();

    await expect(all[5]).rejects.toThrow('closed');
  });
});
