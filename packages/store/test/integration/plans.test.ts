import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { createPool } from '../../src/database.js';
import { Guards } from '../../src/guards.js';
import type { OutboxEntry } from '../../src/index.js';
import { instances } from '../../src/reads/instances.js';
import { operations } from '../../src/reads/operations.js';
import { outbox } from '../../src/reads/outbox.js';
import type { Statement } from '../../src/sql-statement.js';
import { WRITE_KINDS } from '../../src/writes/registry.js';
import { writeStatements } from '../../src/writes/statements.js';
import { everyWrite } from '../support/every-write.js';
import { useTestStore } from '../support/test-store.js';

const t = useTestStore();
const uuid = randomUUID();
const CLAIM = { holder: 'h', leaseMs: 1000, limit: 10 };
const context = { reportGapMs: 0, origin: 'test' };

/** The statements that these reads would run. */
async function captured(): Promise<readonly Statement[]> {
  const statements: Statement[] = [];
  const pool = {
    query: async (statement: Statement) => {
      statements.push(statement);
      return { rows: [] };
    },
  } as unknown as pg.Pool;
  const entry: OutboxEntry = { id: '1', uuid, kind: 'state', payload: {}, version: 1, said: 0, createdAt: new Date() };
  const box = outbox(pool, { reportGapMs: 0, settleMs: 0, onWork: () => {} });
  await operations(pool).claim(CLAIM);
  await operations(pool).renew([{ id: '1', fence: '1' }], 1000);
  await operations(pool).pending(uuid);
  await box.claim(CLAIM);
  await box.sent([entry, { ...entry, kind: 'fault' }]);
  await box.putBack([entry], 0);
  await instances(pool).views([uuid]);
  return statements;
}

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Plans?: readonly Plan[];
}

/** Scans that read more than the rows of a key: whole tables, and indexes from end to end. */
function walks(plan: Plan): readonly string[] {
  const type = plan['Node Type'];
  const isWalk = type === 'Seq Scan' || (/Index/.test(type) && plan['Index Cond'] === undefined);
  const name = `${type} on ${plan['Relation Name'] ?? plan['Index Name']}`;
  return [...(isWalk ? [name] : []), ...(plan.Plans ?? []).flatMap(walks)];
}

describe('every statement of the busy path', () => {
  let pool: pg.Pool;
  let statements: readonly Statement[];

  beforeAll(async () => {
    pool = createPool({ url: t.url, size: 1, pipeline: true });
    const units = [
      {
        guards: [
          { guard: 'new-message', uuid, method: 'm' },
          { guard: 'operation-held', id: '1', fence: '1' },
          { guard: 'instance-in', uuid },
        ] as const,
        writes: everyWrite(uuid),
      },
    ];
    statements = [...new Guards(units).statements(), ...writeStatements(units, context), ...(await captured())];
  });

  afterAll(async () => {
    await pool.end();
  });

  async function allWalks(): Promise<Record<string, readonly string[]>> {
    const found: Record<string, readonly string[]> = {};
    for (const { name, text, values } of statements) {
      const marks = values.map((_, index) => `$${index + 1}`);
      await pool.query(`prepare "plan ${name}" as ${text}`);
      const literals = values.map((value) => (Array.isArray(value) ? "'{}'" : `'${String(value).replaceAll("'", "''")}'`));
      const answer = await pool.query(
        `explain (format json) execute "plan ${name}"${marks.length > 0 ? `(${literals.join(', ')})` : ''}`,
      );
      await pool.query(`deallocate "plan ${name}"`);
      const [row] = answer.rows as { 'QUERY PLAN': readonly { Plan: Plan }[] }[];
      const plan = row?.['QUERY PLAN'][0]?.Plan;
      if (plan === undefined) throw new Error(`no plan for ${name}`);
      const bad = walks(plan);
      if (bad.length > 0) found[name] = bad;
    }
    return found;
  }

  it('is tried here', () => {
    expect(
      everyWrite(uuid)
        .map((write) => write.write)
        .sort(),
    ).toEqual(WRITE_KINDS.map((kind) => kind.kind).sort());
  });

  it('finds its rows by key in tables that are empty, as they are when the plans are made', async () => {
    expect(await allWalks()).toEqual({});
  });

  it('finds its rows by key in tables that were small when statistics were gathered', async () => {
    await t.store.commit({ writes: everyWrite(randomUUID()).filter((write) => write.write !== 'delete-instance') });
    await t.rows('analyze');

    expect(await allWalks()).toEqual({});
  });
});
