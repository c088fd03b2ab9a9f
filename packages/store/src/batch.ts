import type pg from 'pg';
import { Guards } from './guards.js';
import { troubleOf } from './pg-errors.js';
import type { Statement, WorkSort } from './sql-statement.js';
import type { CommitResult, Unit } from './unit.js';
import { WORK_CHANNEL, workPayload } from './work-channel.js';
import { writeStatements } from './writes/statements.js';
import type { WriteContext } from './writes/write-kind.js';

export interface BatchOutcome {
  /** By the units' places. */
  readonly results: readonly CommitResult[];
  readonly woken: ReadonlySet<WorkSort>;
}

/**
 * Applies units that touch nothing in common in one transaction: guards first, then what is left by kind of write.
 * Two exchanges with the server, whatever the number of statements. Rejects with the driver's error; nothing is
 * applied then, unless the connection was lost while it committed.
 */
export async function runBatch(pool: pg.Pool, units: readonly Unit[], context: WriteContext): Promise<BatchOutcome> {
  const client = await pool.connect();
  try {
    const outcome = await transact(client, units, context);
    client.release();
    return outcome;
  } catch (error) {
    // Statements that were prepared in a failed transaction are in doubt, and so may be the connection.
    client.release(true);
    throw error;
  }
}

const BEGIN: Statement = { name: 'begin', text: 'begin', values: [] };
const COMMIT: Statement = { name: 'commit', text: 'commit', values: [] };
const NOTIFY = `select pg_notify('${WORK_CHANNEL}', w) from unnest($1::text[]) w`;

async function transact(client: pg.PoolClient, units: readonly Unit[], context: WriteContext): Promise<BatchOutcome> {
  const guards = new Guards(units);
  const checks = guards.statements();
  if (checks.length > 0) {
    const answers = await sendAll(client, [BEGIN, ...checks]);
    for (const [index, check] of checks.entries()) guards.learn(check.name, answers[index + 1]?.rows ?? []);
  }
  const results = units.map((unit) => guards.judge(unit));
  const applied = units.filter((_, index) => results[index] === 'done');
  const refused = units.filter((_, index) => results[index] !== 'done');
  const statements = [...guards.forget(refused), ...writeStatements(applied, context)];
  const frame = checks.length > 0 ? [] : [BEGIN];
  const answers = await sendAll(client, [...frame, ...statements, ...notification(statements, context), COMMIT]);
  return { results, woken: wokenBy(statements, answers.slice(frame.length)) };
}

/** Sends all at once; rejects with the error that began the trouble, after every answer is in. */
async function sendAll(client: pg.PoolClient, statements: readonly Statement[]): Promise<readonly pg.QueryResult[]> {
  const sent = statements.map(({ name, text, values }) => client.query({ name, text, values: [...values] }));
  const answers = await Promise.allSettled(sent);
  const failures = answers.filter((answer) => answer.status === 'rejected').map((answer) => answer.reason as unknown);
  if (failures.length > 0) throw failures.find((error) => troubleOf(error) !== 'aftermath') ?? failures[0];
  return answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
}

function notification(statements: readonly Statement[], { origin }: WriteContext): readonly Statement[] {
  const sorts = new Set(statements.flatMap(({ wakes, notifies }) => (wakes === undefined || notifies === true ? [] : [wakes])));
  if (sorts.size === 0) return [];
  return [{ name: 'notify', text: NOTIFY, values: [[...sorts].map((sort) => workPayload(sort, origin))] }];
}

function wokenBy(statements: readonly Statement[], answers: readonly pg.QueryResult[]): ReadonlySet<WorkSort> {
  const woken = new Set<WorkSort>();
  for (const [index, { wakes }] of statements.entries()) {
    if (wakes !== undefined && (answers[index]?.rowCount ?? 0) > 0) woken.add(wakes);
  }
  return woken;
}
