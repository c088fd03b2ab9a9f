/**
 * What a build costs in this package: node and PostgreSQL CPU per unit, units per second, batch sizes.
 * `node packages/store/dist/test/bench/build-sequence.js [builds] [callers]` makes a database of its own and removes it.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import pg from 'pg';
import { type OperationRow, openStore, type Store } from '../../src/index.js';
import { createTestDatabase } from '../../src/testing.js';
import { aBlockDevice, aFlavor, anAction, anInstance, anOperation, aProviderInstance, aReport } from '../support/builders.js';

const [builds = 6000, callers = 64] = process.argv.slice(2).map(Number);
const CLAIM = { holder: 'bench', leaseMs: 60_000, limit: 64 };
const UNITS_PER_BUILD = 3;

async function main(): Promise<void> {
  const database = await createTestDatabase();
  const store = await openStore({ url: database.url, reportGapMs: 400, settleMs: 600_000 });
  try {
    await run(store, Math.ceil(builds / 5));
    const before = await snapshot(database.url);
    const began = performance.now();
    await run(store, builds);
    const seconds = (performance.now() - began) / 1000;
    print(before, await snapshot(database.url), seconds);
    await printReads(store);
    await printHot(database.url);
    await printLatency(store);
  } finally {
    await store.close();
    await database.drop();
  }
}

/** `callers` at a time take in; a claimer and as many workers build; a sender says. */
async function run(store: Store, count: number): Promise<void> {
  const took = new Map<string, string>();
  let left = count;
  const intake = Array.from({ length: callers }, async () => {
    while (left-- > 0) await takeIn(store, took);
  });
  let built = 0;
  const claimer = (async () => {
    const active = new Set<Promise<void>>();
    while (built < count) {
      const room = callers - active.size;
      const claimed = room > 0 ? await store.operations.claim({ ...CLAIM, limit: room }) : [];
      for (const operation of claimed) {
        const work = build(store, operation, took).then(() => {
          built += 1;
          active.delete(work);
        });
        active.add(work);
      }
      if (active.size > 0) await Promise.race(active);
    }
  })();
  let said = 0;
  const sender = (async () => {
    while (said < count) {
      const entries = await store.outbox.claim(CLAIM);
      await store.outbox.sent(entries);
      said += entries.length;
      if (entries.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
  await Promise.all([...intake, claimer, sender]);
}

async function takeIn(store: Store, took: Map<string, string>): Promise<void> {
  const instance = anInstance({
    systemMetadata: Object.fromEntries(['image_base_image_ref', 'a', 'b', 'c', 'd', 'e'].map((key) => [key, randomUUID()])),
    metadata: { role: 'web' },
    blockDevices: [aBlockDevice()],
  });
  const action = anAction(instance.uuid);
  const message = randomUUID();
  took.set(instance.uuid, action.requestId);
  const parameters = { image: { id: randomUUID(), properties: { filler: 'x'.repeat(800) } }, networks: [], flavor: aFlavor };
  await store.commit({
    guards: [{ guard: 'new-message', uuid: message, method: 'build_instances' }],
    writes: [
      { write: 'remember-flavor', flavor: aFlavor },
      instance,
      action,
      anOperation(instance.uuid, { cause: message, parameters, origin: { context: { request_id: action.requestId } } }),
    ],
  });
}

async function build(store: Store, { id, fence, instanceUuid: uuid }: OperationRow, took: Map<string, string>): Promise<void> {
  const guards = [{ guard: 'operation-held', id, fence }] as const;
  const token = `token-${uuid}`;
  const requestId = took.get(uuid) ?? '';
  const launch = { attempt: 1, offering: { zone: 'zone-a', type: 'm5.large' }, parameters: { filler: 'x'.repeat(600) } };
  await store.commit({
    guards,
    writes: [
      { write: 'record-launch', token, members: [uuid], ...launch },
      { write: 'save-operation', id, step: 'launching', memo: { token } },
    ],
  });
  const now = new Date();
  const events = { event: 'compute__do_build_and_run_instance', startedAt: now, finishedAt: now, details: null, host: 'zone-a' };
  await store.commit({
    guards,
    writes: [
      aProviderInstance(uuid),
      {
        write: 'patch-instance',
        uuid,
        set: { vm_state: 'active', task_state: null, power_state: 1, host: 'zone-a', launched_at: now },
      },
      { write: 'set-network-info', uuid, networkInfo: [{ id: randomUUID(), address: '10.0.0.1' }] },
      { write: 'add-action-event', uuid, requestId, result: 'Success', ...events },
      { write: 'finish-action', uuid, action: 'create', requestId, message: null },
      { write: 'finish-operation', id, outcome: 'done' },
      aReport(uuid),
    ],
  });
}

interface Snapshot {
  readonly nodeMs: number;
  readonly postgresMs: number;
  readonly transactions: number;
}

async function snapshot(url: string): Promise<Snapshot> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ pid: number }>(
    'select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );
  const commits = await client.query<{ xact_commit: string }>(
    'select xact_commit from pg_stat_database where datname = current_database()',
  );
  await client.end();
  const { user, system } = process.cpuUsage();
  return {
    nodeMs: (user + system) / 1000,
    postgresMs: rows.reduce((sum, { pid }) => sum + cpuMsOf(pid), 0),
    transactions: Number(commits.rows[0]?.xact_commit ?? 0),
  };
}

/** User and system time of a local process; 0 when it is another machine's. */
function cpuMsOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return 0;
  }
}

function print(before: Snapshot, after: Snapshot, seconds: number): void {
  const units = builds * UNITS_PER_BUILD;
  const node = after.nodeMs - before.nodeMs;
  const postgres = after.postgresMs - before.postgresMs;
  console.log(`${builds} builds, ${callers} callers, ${seconds.toFixed(2)} s`);
  console.log(`  ${(builds / seconds).toFixed(0)} builds/s, ${(units / seconds).toFixed(0)} units/s`);
  console.log(
    `  node ${((node * 1000) / units).toFixed(0)} us/unit, PostgreSQL ${((postgres * 1000) / units).toFixed(0)} us/unit`,
  );
  console.log(`  per build: node ${(node / builds).toFixed(2)} ms, PostgreSQL ${(postgres / builds).toFixed(2)} ms`);
  console.log(`  transactions (claims included): ${after.transactions - before.transactions}`);
}

async function printReads(store: Store): Promise<void> {
  for (const [name, read] of Object.entries({
    usage: () => store.instances.usage(),
    computeNodes: () => store.hosts.computeNodes(),
    changed: () => store.instances.changed({ since: new Date(), deleted: true, limit: 100 }),
    'claim (nothing due)': () => store.operations.claim(CLAIM),
    nextDueMs: () => store.outbox.nextDueMs(),
    counts: () => store.outbox.counts(),
  })) {
    await read();
    const began = performance.now();
    for (let index = 0; index < 20; index += 1) await read();
    console.log(`  ${name}: ${((performance.now() - began) / 20).toFixed(2)} ms`);
  }
}

/** How many updates stayed in their page and touched no index. */
async function printHot(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ relname: string; updates: string; hot: string; bytes: string }>(
    `select relname, n_tup_upd as updates, n_tup_hot_upd as hot, pg_size_pretty(pg_total_relation_size(relid)) as bytes
     from pg_stat_user_tables where n_tup_upd > 0 order by n_tup_upd desc`,
  );
  await client.end();
  for (const { relname, updates, hot, bytes } of rows) console.log(`  ${relname}: ${updates} updates, ${hot} in place, ${bytes}`);
}

async function printLatency(store: Store): Promise<void> {
  const times: number[] = [];
  for (let index = 0; index < 200; index += 1) {
    const began = performance.now();
    await takeIn(store, new Map());
    times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  console.log(`  a lone unit: p50 ${times[100]?.toFixed(1)} ms, p99 ${times[198]?.toFixed(1)} ms`);
}

await main();
