import { checkCount, checkDate } from '../instance-columns.js';
import { toJsonText } from '../json-text.js';
import { taskKey } from '../unit-keys.js';
import type { AddTaskLog } from '../write.js';
import { writeKind } from './write-kind.js';

const TEXT = `insert into task_log as l (task_name, host, state, period_beginning, period_ending, message, task_items, errors)
  select r."taskName", r.host, r.state::varchar(255), r.begin, r."end", r.message::varchar(255), r.items, r.errors
  from json_to_recordset($1::json) as r("taskName" text, host text, state text, begin timestamp, "end" timestamp, message text,
    items integer, errors integer)
  on conflict (task_name, host, period_beginning, period_ending) do update set state = excluded.state,
    message = excluded.message, task_items = excluded.task_items, errors = excluded.errors, updated_at = timezone('utc', now())`;

export const addTaskLog = writeKind<AddTaskLog>({
  kind: 'add-task-log',
  keys: (write) => [taskKey(write.taskName, write.host)],
  mark: (write) => `${write.host} ${write.taskName} ${write.begin.getTime()} ${write.end.getTime()}`,
  check: (write) => {
    checkDate('begin', write.begin);
    checkDate('end', write.end);
    checkCount('items', write.items);
    checkCount('errors', write.errors);
  },
  statements: (writes) => [{ name: 'add-task-log', text: TEXT, values: [toJsonText(writes)] }],
});
