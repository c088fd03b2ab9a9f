#!/usr/bin/env node
import { Command, Option } from 'commander';
import { checkAfterwards } from './afterwards.js';
import { ParentBed } from './bed.js';
import type { Child } from './child.js';
import { bedSettings } from './config.js';
import { OurChild } from './our-child.js';
import { RealChild } from './real-child.js';
import { isRelease, RELEASES, type Release } from './releases.js';
import { figures, findingLines, type Run, totals, verbLine, verbTable } from './report.js';
import { runScenes } from './scene-runner.js';
import { readRealResults, recordRealResults, sideBySide } from './side-by-side.js';
import { Stage } from './stage.js';
import { tearDownOnSignals } from './teardown.js';
import { BedUnavailable } from './unavailable.js';
import type { Outcome } from './verb-runner.js';
import { SCENES } from './verb-table.js';

interface Options {
  json?: boolean;
  keep?: boolean;
  all?: boolean;
  realChild?: boolean;
  record?: boolean;
  provider: string;
  scene?: string;
}

const command = new Command('interop')
  .description('Drives real, unmodified nova parents with their own CLI, with a Burstcell child on a local EC2 below them.')
  .argument('[releases...]', `of ${RELEASES.join(', ')}`, ['rocky', 'ocata'])
  .option('--json', 'end with one line holding one JSON object')
  .option('--all', 'every verb there is, not only the basic ones')
  .option('--real-child', "nova's own child instead of ours, for comparison")
  .option('--record', "keep what nova's own child came to, for the comparison with ours")
  .addOption(new Option('--provider <name>', 'what our child has below').choices(['ec2', 'simulator']).default('ec2'))
  .option('--scene <text>', 'only the scenes whose name has this text')
  .option('--keep', 'stay up after the run of each release, until interrupted')
  .action(main);
async function main(names: string[], options: Options): Promise<void> {
  const unknown = names.filter((name) => !isRelease(name));
  if (unknown.length > 0) command.error(`no such parent: ${unknown.join(', ')}; there are ${RELEASES.join(', ')}`);
  const runs: Run[] = [];
  for (const release of names.filter(isRelease)) runs.push(await runRelease(release, options));
  await report(runs, options);
}

async function runRelease(release: Release, options: Options): Promise<Run> {
  const say = (line: string): void => console.log(`[${release}] ${line}`);
  const child = options.realChild ? "nova's own" : `burstcell, ${options.provider}`;
  // What EC2's stand-in lacks of the other verbs is not held against the cell.
  const promised = options.provider === 'simulator' && !options.realChild ? (['A', 'B'] as const) : (['A'] as const);
  const run: Run = { release, child, promised, outcomes: [], findings: [] };
  let bed: ParentBed | undefined;
  try {
    bed = await ParentBed.up({ release, say, settings: bedSettings() }, ({ teardown }) => tearDownOnSignals(teardown, say));
    await drive(bed, options, run);
    if (options.keep) await stayUp(bed, say);
  } catch (error) {
    setAside(run, error, say);
  } finally {
    for (const failure of (await bed?.down()) ?? []) say(`not taken down: ${failure}`);
  }
  return run;
}

/** A machine that cannot carry a parent is skipped; whatever else ended a run is a failure of it, and the next one goes on. */
function setAside(run: Run, error: unknown, say: (line: string) => void): void {
  if (error instanceof BedUnavailable) {
    say(`skipped: ${error.message}`);
    run.skipped = error.reason;
    return;
  }
  const note = error instanceof Error ? error.message : String(error);
  run.findings.push({ check: 'the run came to its end', ok: false, note });
  say(`FAIL the run did not come to its end: ${note}`);
}

async function drive(bed: ParentBed, options: Options, run: Run): Promise<void> {
  const { say } = bed.options;
  const child: Child = options.realChild
    ? new RealChild(bed)
    : new OurChild(bed, options.provider === 'simulator' ? 'simulator' : 'ec2');
  await child.start();
  await bed.waitForChild(child);
  const stage = await Stage.open(bed, child);
  const scenes = SCENES.filter(({ name }) => name.includes(options.scene ?? ''));
  const onOutcome = (outcome: Outcome): void => {
    run.outcomes.push(outcome);
    say(verbLine(outcome));
  };
  await runScenes(stage, { scenes, everything: options.all ?? false, onOutcome });
  await child.refuseLaunches(null);
  run.findings.push(...(await checkAfterwards(stage)));
  for (const line of findingLines(run)) say(line);
  if (totals([run]).failed > 0) say(`logs: ${[bed.logFolder, ...child.logFiles].join(' ')}`);
}

function stayUp(bed: ParentBed, say: (line: string) => void): Promise<never> {
  say(`staying up until interrupted; to use the CLI:\n${bed.howToUse()}`);
  const forever = 2 ** 30;
  return new Promise(() => setInterval(() => undefined, forever));
}

async function report(runs: Run[], options: Options): Promise<void> {
  for (const run of runs.filter(({ outcomes }) => outcomes.length > 0)) {
    console.log(`\n${verbTable(run)}`);
    const { tried, asWanted } = figures(run) as { tried: number; asWanted: number };
    console.log(`${asWanted} of ${tried} verbs as wanted`);
    for (const line of findingLines(run)) console.log(line);
    await compare(run, options);
  }
  const { passed, failed, skipped } = totals(runs);
  if (options.json) console.log(JSON.stringify(Object.fromEntries(runs.map((run) => [run.release, figures(run)]))));
  else console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
  process.exitCode = failed > 0 ? 1 : 0;
}

/** Ours beside nova's own child, or the latter kept for that. */
async function compare(run: Run, options: Options): Promise<void> {
  if (options.realChild) {
    if (options.record) console.log(`kept in ${await recordRealResults(run)}`);
    return;
  }
  const real = options.all ? await readRealResults(run.release) : undefined;
  if (real !== undefined) console.log(`\n${sideBySide(run, real)}`);
}

await command.parseAsync();
