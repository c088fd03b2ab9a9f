import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { OperationRow, Store, Write } from '../../src/index.js';
import { anOperation } from '../support/builders.js';
import { claimOne, only, until, useTestStore } from '../support/test-store.js';

const t = useTestStore();
const FOREVER = { holder: 'worker', leaseMs: 60_000, limit: 100 };

const enqueue = (...writes: Write[]) => t.store.commit({ writes });
const verbs = (rows: readonly OperationRow[]) => rows.map((row) => row.verb);
const finish = (id: string): Write => ({ write: 'finish-operation', id, outcome: 'done' });

afterEach(async () => {
  await t.rows('delete from operations');
});

describe('an operation', () => {
  it('is enqueued once for a cause, verb and instance', async () => {
    const operation = anOperation(randomUUID(), { cause: 'message-1' });

    await enqueue(operation);
    await enqueue(operation);
    await enqueue({ ...operation, verb: 'delete' });

    expect(verbs(await t.store.operations.pending(operation.instanceUuid))).toEqual(['build', 'delete']);
  });

  it('is handed out as it was enqueued', async () => {
    const operation = anOperation(randomUUID(), { parameters: { b: 1, a: [null, 'x'] }, origin: { reply: 'queue' } });

    await enqueue(operation);

    const { parameters, origin, deadline, instanceUuid } = operation;
    expect(await claimOne(t.store)).toMatchObject({
      parameters,
      origin,
      deadline,
      instanceUuid,
      step: null,
      memo: {},
      attempt: 0,
    });
  });

  it('is not handed out before its time', async () => {
    await enqueue(anOperation(randomUUID(), { runAt: new Date(Date.now() + 60_000) }));

    expect(await t.store.operations.claim(FOREVER)).toEqual([]);
    expect(await t.store.operations.nextDueMs()).toBeGreaterThan(50_000);
  });

  it('is not handed out while somebody holds it, and is again when the lease has run out', async () => {
    await enqueue(anOperation(randomUUID()));
    const held = await claimOne(t.store, 'first', 150);

    expect(await t.store.operations.claim(FOREVER)).toEqual([]);

    let again: readonly OperationRow[] = [];
    await until(async () => {
      again = await t.store.operations.claim(FOREVER);
      return again.length > 0;
    });
    expect(only(again).id).toBe(held.id);
    expect(Number(only(again).fence)).toBeGreaterThan(Number(held.fence));
  });

  it('stays held while its lease is lengthened, by its holder only', async () => {
    await enqueue(anOperation(randomUUID()));
    const first = await claimOne(t.store, 'first', 0);
    const second = await claimOne(t.store, 'second', 0);

    expect(await t.store.operations.renew([first], 60_000)).toEqual(new Set());
    expect(await t.store.operations.renew([second], 60_000)).toEqual(new Set([second.id]));
    expect(await t.store.operations.claim(FOREVER)).toEqual([]);
  });

  it('keeps its step and memo while it is held', async () => {
    await enqueue(anOperation(randomUUID()));
    const { id, fence, instanceUuid } = await claimOne(t.store);

    await enqueue({ write: 'save-operation', id, step: 'launching', memo: { token: 't' }, attempt: 2 });
    await enqueue({ write: 'save-operation', id, attempt: 3 });

    const row = only(await t.store.operations.pending(instanceUuid));
    expect(row).toMatchObject({ step: 'launching', memo: { token: 't' }, attempt: 3, fence });
    expect(await t.store.operations.claim(FOREVER)).toEqual([]);
  });

  it('is found at its step, until it is finished', async () => {
    await enqueue(anOperation(randomUUID()));
    const { id } = await claimOne(t.store);
    await enqueue({ write: 'save-operation', id, step: 'importing' });

    const found = async () => (await t.store.operations.at('importing')).map((row) => row.id);
    expect(await found()).toContain(id);
    await enqueue(finish(id));
    expect(await found()).not.toContain(id);
  });

  it('has another deadline where one is given, and keeps it', async () => {
    await enqueue(anOperation(randomUUID()));
    const { id, instanceUuid } = await claimOne(t.store);
    const deadline = new Date('2030-01-01T00:00:00Z');

    await enqueue({ write: 'save-operation', id, deadline });
    await enqueue({ write: 'save-operation', id, step: 'launching' });

    expect(only(await t.store.operations.pending(instanceUuid))).toMatchObject({ deadline });
  });

  it('is let go until a later time, and its fence with it', async () => {
    await enqueue(anOperation(randomUUID()));
    const { id, fence } = await claimOne(t.store);

    await enqueue({ write: 'save-operation', id, runAt: new Date(Date.now() + 60_000) });

    expect(await t.store.operations.claim(FOREVER)).toEqual([]);
    const result = await t.store.commit({ guards: [{ guard: 'operation-held', id, fence }], writes: [finish(id)] });
    expect(result).toBe('fenced');
  });

  it('is due at once when it is woken while it waits', async () => {
    const uuid = randomUUID();
    await enqueue(anOperation(uuid, { runAt: new Date(Date.now() + 60_000) }));

    await enqueue({ write: 'wake-operations', uuid });

    expect(await claimOne(t.store)).toMatchObject({ instanceUuid: uuid, cancelled: false });
  });

  it('that is woken while it is held is due at once when it is let go, that once', async () => {
    const uuid = randomUUID();
    await enqueue(anOperation(uuid));
    const { id } = await claimOne(t.store);
    const later: Write = { write: 'save-operation', id, runAt: new Date(Date.now() + 60_000) };

    await enqueue({ write: 'wake-operations', uuid });
    expect(await t.store.operations.claim(FOREVER)).toEqual([]);
    await enqueue(later);
    expect((await claimOne(t.store)).id).toBe(id);
    await enqueue(later);
    expect(await t.store.operations.claim(FOREVER)).toEqual([]);
  });

  it('is told to end, and woken, but for the verbs that are spared', async () => {
    const uuid = randomUUID();
    const runAt = new Date(Date.now() + 60_000);
    await enqueue(anOperation(uuid, { runAt }), anOperation(uuid, { verb: 'delete', runAt }));

    await enqueue(
      { write: 'cancel-operations', uuid, exceptVerbs: ['delete'] },
      anOperation(uuid, { verb: 'sync' }), // joins after the cancelling
    );

    const rows = await t.store.operations.pending(uuid);
    expect(rows.map((row) => [row.verb, row.cancelled])).toEqual([
      ['build', true],
      ['delete', false],
      ['sync', false],
    ]);
    expect((await claimOne(t.store)).verb).toBe('build');
  });
});

describe('operations of one instance', () => {
  it('are handed out one after the other, oldest first, even if the oldest has to wait', async () => {
    const uuid = randomUUID();
    await enqueue(anOperation(uuid, { verb: 'stop', runAt: new Date(Date.now() + 60_000) }));
    await enqueue(anOperation(uuid, { verb: 'start' }));

    expect(await t.store.operations.claim(FOREVER)).toEqual([]);
    expect(await t.store.operations.nextDueMs()).toBeGreaterThan(50_000);

    await enqueue({ write: 'wake-operations', uuid });
    const first = await claimOne(t.store);
    expect(first.verb).toBe('stop');
    expect(await t.store.operations.claim(FOREVER)).toEqual([]);

    await enqueue(finish(first.id));
    expect((await claimOne(t.store)).verb).toBe('start');
  });

  it('are counted while they wait, and when they are past their deadline', async () => {
    const uuid = randomUUID();
    await enqueue(anOperation(uuid), anOperation(uuid, { verb: 'stop', deadline: new Date(Date.now() - 1000) }));
    await claimOne(t.store);

    expect(await t.store.operations.counts()).toEqual({ queued: 1, overdue: 1 });
  });

  it('of no kind are left when all are finished', async () => {
    await enqueue(anOperation(randomUUID()));
    await enqueue(finish((await claimOne(t.store)).id));

    expect(await t.store.operations.nextDueMs()).toBeNull();
    expect(await t.store.operations.counts()).toEqual({ queued: 0, overdue: 0 });
  });
});

describe('two replicas with many workers', () => {
  const INSTANCES = 25;
  const EACH = 8;

  /** Works until all is done; notes who holds what, and in which order an instance's operations came. */
  class Watch {
    readonly holding = new Map<string, string>();
    readonly order = new Map<string, number[]>();
    readonly violations: string[] = [];
    done = 0;

    begin({ instanceUuid, id, parameters }: OperationRow): void {
      const other = this.holding.get(instanceUuid);
      if (other !== undefined) this.violations.push(`${instanceUuid}: ${id} while ${other}`);
      this.holding.set(instanceUuid, id);
      this.order.set(instanceUuid, [...(this.order.get(instanceUuid) ?? []), Number(parameters.n)]);
    }

    end({ instanceUuid }: OperationRow): void {
      this.holding.delete(instanceUuid);
      this.done += 1;
    }
  }

  async function work(store: Store, holder: string, watch: Watch): Promise<void> {
    while (watch.done < INSTANCES * EACH) {
      const claimed = await store.operations.claim({ holder, leaseMs: 60_000, limit: 1 + Math.floor(Math.random() * 8) });
      await Promise.all(claimed.map((operation) => workOn(store, operation, watch)));
    }
  }

  async function workOn(store: Store, operation: OperationRow, watch: Watch): Promise<void> {
    const { id, fence } = operation;
    watch.begin(operation);
    if (Math.random() < 0.5) await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
    watch.end(operation);
    const result = await store.commit({ guards: [{ guard: 'operation-held', id, fence }], writes: [finish(id)] });
    if (result !== 'done') watch.violations.push(`${id}: ${result}`);
  }

  it('never hold two operations of an instance, and keep each instance in order, while more come in', async () => {
    const stores = [t.store, await t.another()];
    const uuids = Array.from({ length: INSTANCES }, () => randomUUID());
    const watch = new Watch();

    const enqueuing = uuids.map(async (uuid) => {
      for (let n = 0; n < EACH; n += 1) {
        const store = stores[Math.floor(Math.random() * 2)] ?? t.store;
        await store.commit({ writes: [anOperation(uuid, { parameters: { n } })] });
      }
    });
    const workers = stores.flatMap((store, index) => [1, 2].map((n) => work(store, `${index}-${n}`, watch)));
    await Promise.all([...enqueuing, ...workers]);

    expect(watch.violations).toEqual([]);
    for (const uuid of uuids) expect(watch.order.get(uuid)).toEqual(Array.from({ length: EACH }, (_, n) => n));
  });

  it('give out ids in the order in which operations of an instance become visible', async () => {
    const stores = [t.store, await t.another()];
    const uuid = randomUUID();
    const seen: number[] = [];
    let isEnqueued = false;

    const looking = (async () => {
      while (!isEnqueued) {
        for (const row of await t.store.operations.pending(uuid)) {
          if (!seen.includes(Number(row.id))) seen.push(Number(row.id));
        }
      }
    })();
    await Promise.all(Array.from({ length: 60 }, (_, n) => (stores[n % 2] ?? t.store).commit({ writes: [anOperation(uuid)] })));
    isEnqueued = true;
    await looking;

    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });
});
