import { readdirSync, readFileSync } from 'node:fs';

/** CPU milliseconds used so far, by part. Null where the system does not tell (no /proc). */
export interface CpuUse {
  readonly cell: number;
  /** Backends of the cell's database. */
  readonly postgres: number;
  /** The whole broker: others on this machine count too. */
  readonly broker: number;
}

/** Linux counts CPU time in hundredths of a second. */
const MS_PER_TICK = 10;

/** Follows CPU time of the cell, its database backends and the broker, from /proc. */
export class CpuMeter {
  /** Backends come and go: the last seen value of each is kept. */
  private readonly backends = new Map<number, number>();

  constructor(
    private readonly cellPid: number,
    private readonly databaseName: string,
  ) {}

  read(): CpuUse | null {
    try {
      let broker = 0;
      for (const pid of readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .map(Number)) {
        const command = commandOf(pid);
        if (command.includes('beam.smp')) broker += ticksOf(pid);
        if (command.startsWith('postgres:') && command.includes(` ${this.databaseName} `)) this.backends.set(pid, ticksOf(pid));
      }
      const postgres = [...this.backends.values()].reduce((sum, ticks) => sum + ticks, 0);
      return { cell: ticksOf(this.cellPid) * MS_PER_TICK, postgres: postgres * MS_PER_TICK, broker: broker * MS_PER_TICK };
    } catch {
      return null;
    }
  }
}

export function between(before: CpuUse | null, after: CpuUse | null): CpuUse | null {
  if (!before || !after) return null;
  return { cell: after.cell - before.cell, postgres: after.postgres - before.postgres, broker: after.broker - before.broker };
}

/** Resident memory of a process in MiB; null without /proc. */
export function rssMb(pid: number): number | null {
  try {
    const match = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return match ? Math.round(Number(match[1]) / 1024) : null;
  } catch {
    return null;
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/** utime and stime: fields 14 and 15 of /proc/PID/stat, counted after the name in brackets. */
function ticksOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
