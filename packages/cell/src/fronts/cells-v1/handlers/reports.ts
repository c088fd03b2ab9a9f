import { isJsonObject, migrationsAnswer, parseTime, taskLogAnswer, WireError } from '@burstcell/wire';
import { plainFields } from '../translate/fields.js';
import { migrationRow, taskLogRow } from '../translate/rows.js';
import type { Handler, HandlerTools, Incoming, Outcome } from './handler.js';

/** `nova migration-list` (until Pike; later below microversion 2.59), in each release's required shape. */
export const getMigrations: Handler = {
  method: 'get_migrations',
  types: ['broadcast', 'targeted'],
  async handle({ args }: Incoming, { store, dialect }: HandlerTools): Promise<Outcome> {
    const filters = isJsonObject(args.filters) ? plainFields(args.filters as Parameters<typeof plainFields>[0]) : {};
    const migrations = await store.reports.migrations(filters);
    return { answer: migrationsAnswer(dialect, migrations.map(migrationRow)) };
  },
};

/** os-instance_usage_audit_log. */
export const taskLogGetAll: Handler = {
  method: 'task_log_get_all',
  types: ['broadcast', 'targeted'],
  async handle({ args }: Incoming, { store }: HandlerTools): Promise<Outcome> {
    const text = (value: unknown) => (typeof value === 'string' ? value : null);
    const rows = await store.reports.taskLog({
      taskName: String(args.task_name),
      begin: timeOf(args.period_beginning, 'period_beginning'),
      end: timeOf(args.period_ending, 'period_ending'),
      host: text(args.host),
      state: text(args.state),
    });
    return { answer: taskLogAnswer(rows.map(taskLogRow)) };
  },
};

function timeOf(value: Incoming['args'][string] | undefined, name: string): Date {
  // The usage audit log gives a space where ISO 8601 has a T.
  const time = parseTime(typeof value === 'string' ? value.replace(' ', 'T') : value);
  if (time === null) throw new WireError('bad-arguments', `task_log_get_all: ${name} is no time`);
  return time;
}
