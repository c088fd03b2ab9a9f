import Table from 'cli-table3';

/** Prints a table for people. */
export function printTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  const table = new Table({ head: [...head], style: { head: [], border: [] } });
  for (const row of rows) table.push([...row]);
  process.stdout.write(`${table.toString()}\n`);
}

/** The last line of a command with `--json`. */
export function printJson(figures: object): void {
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The value below which the share `p` of the sorted values lies. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? 0;
}

export function rounded(value: number, digits = 1): number {
  return Number(value.toFixed(digits));
}

/** Runs a command's work; a failure is told in its own words and is exit code 1. */
export async function command(work: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await work();
  } catch (error) {
    process.stderr.write(`failed: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

/** Ends the process once all is said: what a library keeps open must not hold it back, and a pipe takes its time. */
export async function endProcess(): Promise<never> {
  await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
  process.exit();
}
