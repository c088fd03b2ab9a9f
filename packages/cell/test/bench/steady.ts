import { Command } from 'commander';
import { ownGroups } from '../../src/config/burst-options.js';
import { positive } from '../support/arguments.js';
import { command, printJson, printTable, rounded, say } from '../support/print.js';
import { SteadyBed } from './steady-bed.js';
import { type Cost, type Measured, watchIdle } from './steady-phases.js';

interface SteadyOptions {
  readonly instances: number;
  readonly seconds: number;
  readonly json: boolean;
}

const program = new Command('bench:steady')
  .description(
    'Idle instances on the fake EC2, by the AWS SDK under AWS’s published token buckets: what watching them costs, and how soon a stop outside shows.',
  )
  .option('--instances <number>', 'idle instances', positive, 10_000)
  .option('--seconds <number>', 'how long the idle loops are measured, in each mode', positive, 30)
  .option('--json', 'end with one line of JSON', false);

const options = program.parse().opts<SteadyOptions>();

await command(async () => {
  const { sweeps, events } = await measure(options);
  const intervals = { sweeps: secondsOf('sweep_interval_s'), events: secondsOf('sweep_interval_with_events_s') };
  const plain = perMinute(sweeps, intervals.sweeps);
  const withEvents = perMinute(events, intervals.events);
  const figures = {
    instances: options.instances,
    callsPerMinute: plain.calls,
    cpuMsPerMinute: plain.cpuMs,
    callsPerMinuteWithEvents: withEvents.calls,
    cpuMsPerMinuteWithEvents: withEvents.cpuMs,
    // A stop comes half an interval before the next sweep, on average.
    secondsToNotice: rounded(intervals.sweeps / 2 + sweeps.noticeSeconds, 2),
    secondsToNoticeWithEvents: events.noticeSeconds,
  };
  printTable(
    [
      `figure, ${options.instances} idle instances`,
      `sweeps every ${intervals.sweeps} s`,
      `events, sweeps every ${intervals.events} s`,
    ],
    [
      ['API calls per minute', figures.callsPerMinute, figures.callsPerMinuteWithEvents],
      ['  of them to the queue', plain.queueCalls, withEvents.queueCalls],
      ['CPU ms per minute, cell and PostgreSQL', shown(plain.cpuMs), shown(withEvents.cpuMs)],
      ['  of it the idle loops', shown(plain.idleCpuMs), shown(withEvents.idleCpuMs)],
      ['one sweep: calls', sweeps.sweep.ec2Calls, events.sweep.ec2Calls],
      ['one sweep: CPU ms', shown(sweeps.sweep.cpuMs), shown(events.sweep.cpuMs)],
      ['one sweep: seconds', rounded(sweeps.sweep.seconds), rounded(events.sweep.seconds)],
      ['seconds until a stop outside shows, mean', figures.secondsToNotice, figures.secondsToNoticeWithEvents],
    ],
  );
  if (options.json) printJson(figures);
  return 0;
});

async function measure({ instances, seconds }: SteadyOptions): Promise<{ sweeps: Measured; events: Measured }> {
  const bed = await SteadyBed.make();
  try {
    say(`filling up to ${instances} instances`);
    await bed.fill(instances);
    say(`sweeps alone: loops for ${seconds} s, then sweeps and stops`);
    const sweeps = await watchIdle(bed, false, seconds);
    say(`with events: the same`);
    return { sweeps, events: await watchIdle(bed, true, seconds) };
  } finally {
    await bed.close();
  }
}

/** The loops' cost as measured, and that of a sweep by how often there is one. */
function perMinute({ idle, sweep }: Measured, intervalSeconds: number) {
  const sum = (of: (cost: Cost) => number) => of(idle) * (60 / idle.seconds) + of(sweep) * (60 / intervalSeconds);
  const hasCpu = idle.cpuMs !== null && sweep.cpuMs !== null;
  return {
    calls: rounded(sum((cost) => cost.ec2Calls + cost.queueCalls)),
    queueCalls: rounded(sum((cost) => cost.queueCalls)),
    cpuMs: hasCpu ? Math.round(sum((cost) => cost.cpuMs ?? 0)) : null,
    idleCpuMs: hasCpu ? Math.round(((idle.cpuMs ?? 0) * 60) / idle.seconds) : null,
  };
}

/** What an operator has who sets nothing. */
function secondsOf(name: string): number {
  return Number(ownGroups.flatMap((group) => group.options).find((option) => option.name === name)?.default);
}

function shown(ms: number | null): string {
  return ms === null ? 'not told by this system' : String(Math.round(ms));
}
