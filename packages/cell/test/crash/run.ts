import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seeded } from '../demo-parent/random.js';
import { type Comparison, compare, isClean } from '../support/compare.js';
import { FakeEc2Process } from '../support/fake-ec2-process.js';
import { Stage } from '../support/stage.js';
import { killAtRandom } from './killer.js';
import { userTraffic } from './traffic.js';

export interface CrashOptions {
  readonly boots: number;
  readonly kills: number;
  readonly replicas: number;
  readonly seed: number;
  say(line: string): void;
}

export interface CrashResult {
  readonly boots: number;
  readonly deletes: number;
  readonly kills: number;
  readonly lost: number;
  readonly doubled: number;
  readonly stuck: number;
  readonly orphans: number;
  readonly differing: number;
  readonly ghosts: number;
  readonly errors: number;
  readonly machines: number;
  readonly top: number;
  readonly rows: number;
  readonly launches: number;
  readonly seconds: number;
  /** How long after the last kill everything agreed. */
  readonly quietSeconds: number;
  readonly violations: number;
  readonly ok: boolean;
}

/** EC2 is slow enough that kills find launches under way. */
const EC2_DELAY_MS = 600;
const EC2_LATENCY_MS = 100;
/** A new machine is not found for a moment, as on the real thing. */
const EC2_UNSEEN_MS = 300;
const SETTLE_MS = 4_000;
/** One message in ten comes twice. */
const REPEAT_SHARE = 0.1;
/** Kills come throughout the traffic and some time after it. */
const MS_PER_KILL = 1_800;
/** Lost replies: launches and terminations that took effect, and nobody was told. */
const LOST_REPLIES = [
  { action: 'RunInstances', code: 'InternalError', when: 'after' },
  { action: 'RunInstances', code: 'RequestLimitExceeded', when: 'before' },
  { action: 'TerminateInstances', code: 'InternalError', when: 'after' },
  { action: 'StopInstances', code: 'InternalError', when: 'after' },
] as const;
const LOST_REPLY_EVERY_MS = 900;
/** An operation of a killed worker is taken over when its lease ends (20 s), and its last word is said twice. */
const QUIET_MS = 150_000;
const LOOK_MS = 1_000;

/** Boots and deletes through the parent while replicas are killed; then waits until all is quiet and compares. */
export async function crashRun(options: CrashOptions): Promise<CrashResult> {
  const fake = await FakeEc2Process.start({ delayMs: EC2_DELAY_MS, latencyMs: EC2_LATENCY_MS, unseenMs: EC2_UNSEEN_MS });
  const beganAt = Date.now();
  try {
    const stage = await Stage.up({
      name: 'crash',
      release: 'rocky',
      ini: { burst: { provider: 'ec2', settle_ms: SETTLE_MS, workers: 32 }, ec2: fake.settings },
      parent: { repeatShare: REPEAT_SHARE, seed: options.seed },
    });
    try {
      options.say(`files of this run: ${stage.folder}`);
      return await underFire(stage, fake, options, beganAt);
    } finally {
      await stage.end();
    }
  } finally {
    await fake.stop();
  }
}

async function underFire(stage: Stage, fake: FakeEc2Process, options: CrashOptions, beganAt: number): Promise<CrashResult> {
  const { boots, kills, replicas, seed, say } = options;
  for (let replica = 1; replica < replicas; replica += 1) await stage.start(replica);
  const durationMs = kills * MS_PER_KILL * 0.8;
  const [users, killing] = [seeded(seed), seeded(seed + 1)];
  const stopLosing = loseReplies(fake, seeded(seed + 2));
  const onKill = (replica: number, count: number) => say(`kill ${count} of ${kills}: replica ${replica}`);
  const [traffic] = await Promise.all([
    userTraffic({ parent: stage.parent, boots, durationMs, random: users }),
    killAtRandom({ stage, replicas, kills, meanGapMs: MS_PER_KILL - 150, random: killing, onKill }),
  ]);
  await stopLosing();
  say('all kills done; waiting until everything is quiet');
  const wanted = new Set([...traffic.booted].filter((uuid) => !traffic.deleted.has(uuid)));
  const firedAt = Date.now();
  const found = await untilClean(() => compare({ parent: stage.parent, database: stage.database, fake }, wanted));
  if (!isClean(found)) await tellWhat(found, { stage, fake, say });
  return resultOf({ found, options, traffic, stage, launches: await launchesOf(fake), beganAt, firedAt });
}

/** Calls fail now and then, most after they took effect. */
function loseReplies(fake: FakeEc2Process, random: () => number): () => Promise<void> {
  const timer = setInterval(() => {
    const injection = LOST_REPLIES[Math.floor(random() * LOST_REPLIES.length)];
    if (injection) void fake.inject({ ...injection, times: 1 }).catch(() => {});
  }, LOST_REPLY_EVERY_MS);
  return async () => {
    clearInterval(timer);
    await fake.clearInjections();
  };
}

async function untilClean(look: () => Promise<Comparison>): Promise<Comparison> {
  const until = Date.now() + QUIET_MS;
  let found = await look();
  while (!isClean(found) && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    found = await look();
  }
  return found;
}

/** Machines ever started, ended ones included: more than boots would mean twins that were tidied away. */
async function launchesOf(fake: FakeEc2Process): Promise<number> {
  return (await fake.snapshot()).instances.length;
}

/** Everything known of the first few that are wrong, into a file beside the logs. */
async function tellWhat(
  found: Comparison,
  of: { stage: Stage; fake: FakeEc2Process; say: (line: string) => void },
): Promise<void> {
  const { stage, fake, say } = of;
  const wrong = new Set<string>();
  for (const kind of ['lost', 'doubled', 'stuck', 'orphans', 'differing', 'ghosts'] as const) {
    for (const uuid of found[kind].slice(0, 5)) {
      const shown = stage.parent.show(uuid);
      say(`${kind}: ${uuid} at the top: ${shown ? `${shown.vmState}/${shown.taskState}` : 'not there'}`);
      wrong.add(uuid);
    }
  }
  const { instances } = await fake.snapshot();
  const rows = (table: string, column = 'instance_uuid') =>
    stage.database.query(`select * from ${table} where ${column} = any($1)`, [[...wrong]]);
  const evidence = {
    machines: instances.filter(({ tags }) => wrong.has(tags['burstcell:uuid'] ?? '')),
    launches: await stage.database.query('select * from launches where members && $1', [[...wrong]]),
    operations: await rows('operations'),
    instances: await rows('instances', 'uuid'),
    outbox: await rows('outbox', 'uuid'),
    providerInstances: await rows('provider_instances', 'uuid'),
  };
  const path = join(stage.folder, 'evidence.json');
  writeFileSync(path, JSON.stringify(evidence, null, 1));
  say(`what is known of them: ${path}`);
}

function resultOf(of: {
  found: Comparison;
  options: CrashOptions;
  traffic: { booted: ReadonlySet<string>; deleted: ReadonlySet<string> };
  stage: Stage;
  launches: number;
  beganAt: number;
  firedAt: number;
}): CrashResult {
  const { found, options, traffic, stage, launches } = of;
  const { violations } = stage.parent;
  const grave = violations.filter(({ severity }) => severity !== 'useless');
  if (grave.length > 0) options.say(stage.parent.complaints());
  const errors = [...traffic.booted].filter((uuid) => stage.parent.show(uuid)?.vmState === 'error').length;
  return {
    boots: traffic.booted.size,
    deletes: traffic.deleted.size,
    kills: options.kills,
    lost: found.lost.length,
    doubled: found.doubled.length,
    stuck: found.stuck.length,
    orphans: found.orphans.length,
    differing: found.differing.length,
    ghosts: found.ghosts.length,
    errors,
    machines: found.machines,
    top: found.top,
    rows: found.rows,
    launches,
    seconds: Math.round((Date.now() - of.beganAt) / 1000),
    quietSeconds: Math.round((Date.now() - of.firedAt) / 1000),
    violations: grave.length,
    ok: isClean(found) && grave.length === 0,
  };
}
