import { Ec2Cell } from '../support/ec2-cell.js';
import type { FailureRow, Seen } from './failure-row.js';
import { FAILURES } from './rows.js';
import { runRow } from './run-row.js';
import { HURRIED_BUILD_S } from './timings.js';

export interface FailureResult {
  readonly row: FailureRow;
  /** A text where the row did not come to an end. */
  readonly seen: Seen | string;
}

/** Patient cells at once: they wait more than they work, and their database connections are counted. */
const AT_ONCE = 2;

/** Every failure in turn, on a few cells at once; the results in the order of the rows. */
export async function runFailures(rows: readonly FailureRow[] = FAILURES): Promise<readonly FailureResult[]> {
  const results = new Map<FailureRow, Seen | string>();
  const patient = rows.filter(({ isHurried }) => isHurried !== true);
  const hurried = rows.filter(({ isHurried }) => isHurried === true);
  const lanes = [
    ...Array.from({ length: AT_ONCE }, () => lane('failures', patient, results)),
    lane('hurried', hurried, results, { build_deadline_s: HURRIED_BUILD_S }),
  ];
  await Promise.all(lanes);
  return rows.map((row) => ({ row, seen: results.get(row) ?? 'not run' }));
}

/** Takes rows off the list, which other lanes take from as well, until none is left. */
async function lane(
  name: string,
  left: FailureRow[],
  results: Map<FailureRow, Seen | string>,
  burst: Readonly<Record<string, number>> = {},
): Promise<void> {
  if (left.length === 0) return;
  const cell = await Ec2Cell.start(name, { burst });
  try {
    for (let row = left.shift(); row !== undefined; row = left.shift()) results.set(row, await outcomeOf(cell, row));
  } finally {
    await cell.end();
  }
}

function outcomeOf(cell: Ec2Cell, row: FailureRow): Promise<Seen | string> {
  return runRow(cell, row).catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
}
