import { once } from 'node:events';
import { Command, InvalidArgumentError } from 'commander';
import { RELEASES, type Release } from '../demo-parent/releases.js';
import { positive } from '../support/arguments.js';
import { type Comparison, compare, isClean } from '../support/compare.js';
import { FakeEc2Process } from '../support/fake-ec2-process.js';
import { LiveView } from '../support/live-view.js';
import { printTable, say } from '../support/print.js';
import { Stage } from '../support/stage.js';
import { picture } from './picture.js';
import { bootAll, bootWithoutRoom, deleteAll, lookAndTouch, type Play, turnOffAndOn } from './scenes.js';

interface DemoOptions {
  readonly instances: number;
  readonly release: Release;
  readonly keep: boolean;
}

/** EC2's states last about as long as one can watch them. */
const EC2_DELAY_MS = 1_500;
/** The last word of each instance is said twice; here soon enough not to be waited for. */
const SETTLE_MS = 3_000;

const program = new Command('demo')
  .description(
    'A child cell on a fake EC2 under a demo parent: boots servers, works them, deletes them, and checks that all agree.',
  )
  .option('--instances <number>', 'servers to boot', positive, 36)
  .option('--release <name>', `release of the parent: ${RELEASES.join(', ')}`, release, 'rocky' as Release)
  .option('--keep', 'stay up at the end until interrupted, with servers to look at', false);

process.exitCode = await main(program.parse().opts<DemoOptions>());

async function main(options: DemoOptions): Promise<number> {
  say('starting a fake EC2, a child cell and a demo parent …');
  const fake = await FakeEc2Process.start({ delayMs: EC2_DELAY_MS });
  let stage: Stage | undefined;
  try {
    stage = await Stage.up({
      name: 'demo',
      release: options.release,
      ini: { burst: { provider: 'ec2', settle_ms: SETTLE_MS }, ec2: fake.settings },
    });
    say(`up: cell "ec2" under parent "api" (${options.release}); files of this run: ${stage.folder}`);
    const interrupted = interruption();
    return await Promise.race([play(stage, fake, options, interrupted), interrupted.then(() => 130)]);
  } catch (error) {
    say(`the demo failed: ${error instanceof Error ? error.message : String(error)}`);
    if (stage) say(`the cell's last words:\n${stage.replicas[0]?.lastWords() ?? ''}`);
    return 1;
  } finally {
    await stage?.end();
    await fake.stop();
    if (stage) say(`everything is stopped; files of this run: ${stage.folder}`);
  }
}

async function play(stage: Stage, fake: FakeEc2Process, options: DemoOptions, interrupted: Promise<unknown>): Promise<number> {
  const { parent } = stage;
  let scene = 'booting';
  const view = new LiveView(() => picture(parent, scene));
  const cast: Play = { parent, fake, instances: options.instances, say: (line) => view.say(line) };
  view.start();
  const beganAt = Date.now();
  const uuids = await bootAll(cast);
  view.say(`${uuids.length} servers ACTIVE after ${((Date.now() - beganAt) / 1000).toFixed(1)} s`);
  scene = 'stopping, rebooting, starting';
  await turnOffAndOn(cast, uuids);
  scene = 'looking';
  await lookAndTouch(cast, uuids[0] ?? '');
  const refused = await bootWithoutRoom(cast);
  const middle = await quiet(stage, fake, new Set([...uuids, refused]));
  scene = 'deleting';
  const kept = options.keep ? uuids.slice(0, 6) : [];
  await deleteAll(cast, [...uuids.slice(kept.length), refused]);
  view.stop();
  const end = await quiet(stage, fake, new Set(kept));
  const ok = summary(stage, [
    ['all booted', middle],
    ['at the end', end],
  ]);
  if (options.keep) await stayUp(stage, fake, interrupted);
  return ok ? 0 : 1;
}

/** What is on its way when the last verb has ended: repeats of the last word. */
async function quiet(stage: Stage, fake: FakeEc2Process, wanted: ReadonlySet<string>): Promise<Comparison> {
  const sources = { parent: stage.parent, database: stage.database, fake };
  let found = await compare(sources, wanted);
  for (let round = 0; round < 10 && !isClean(found); round += 1) {
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS / 3));
    found = await compare(sources, wanted);
  }
  return found;
}

function summary({ parent }: Stage, found: readonly [string, Comparison][]): boolean {
  printTable(
    ['', 'EC2', 'parent', 'rows', 'lost', 'doubled', 'stuck', 'orphans', 'differing', 'ghosts'],
    found.map(([when, one]) => [
      when,
      one.machines,
      one.top,
      one.rows,
      one.lost.length,
      one.doubled.length,
      one.stuck.length,
      one.orphans.length,
      one.differing.length,
      one.ghosts.length,
    ]),
  );
  printTable(
    ['message up', 'count'],
    [...parent.judge.counts].map(([method, count]) => [method, count]),
  );
  if (parent.violations.length > 0) say(parent.complaints());
  const ok = found.every(([, one]) => isClean(one)) && parent.violations.length === 0;
  say(
    ok ? 'EC2, the parent and the rows agree, and the parent had nothing to complain about.' : 'something is wrong: see above.',
  );
  return ok;
}

async function stayUp(stage: Stage, fake: FakeEc2Process, interrupted: Promise<unknown>): Promise<void> {
  say('');
  say('staying up; ^C ends it. To look around:');
  say(`  fake EC2        curl ${fake.url}/_fake/snapshot`);
  say(
    `  the cell's rows psql ${stage.database.url} -c 'select uuid, display_name, vm_state, host from instances where deleted = 0'`,
  );
  say(`  its commands    node packages/cell/dist/src/cli/burstcell.js cell list --config-file ${stage.cell.configFile}`);
  say(`  configuration   ${stage.cell.configFile}`);
  await interrupted;
}

/** Resolves when somebody wants the run to end; from then on it cleans up instead of dying. */
function interruption(): Promise<unknown> {
  return Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
}

function release(text: string): Release {
  const found = RELEASES.find((candidate) => candidate === text);
  if (!found) throw new InvalidArgumentError(`one of ${RELEASES.join(', ')}`);
  return found;
}
