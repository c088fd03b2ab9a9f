import { NeverSent } from '../demo-parent/never-sent.js';
import { RemoteError } from '../demo-parent/questions.js';
import type { Release } from '../demo-parent/releases.js';
import { Stage } from '../support/stage.js';
import { changeCases } from './change-cases.js';
import { lifeCases } from './life-cases.js';
import { startLocalCell, ZONE } from './local-cell.js';
import { questionCases } from './question-cases.js';
import { RECLAIM_S } from './timings.js';
import type { VerbCase } from './verb-case.js';
import { Refused, World } from './world.js';

export const CASES: readonly VerbCase[] = [...lifeCases, ...changeCases, ...questionCases];

/** What a release's parent saw of a verb. */
export interface Outcome {
  readonly support: 'works' | 'refused' | 'never' | 'failed';
  /** Why, where it is refused or failed; else empty. */
  readonly why: string;
}

export interface ReleaseResult {
  readonly release: Release;
  /** By the verb's name in the support matrix. */
  readonly outcomes: ReadonlyMap<string, Outcome>;
  /** What the parent had to complain about, one line each. */
  readonly violations: readonly string[];
}

/** So many cells at once: they wait more than they work, and their database connections are counted. */
const AT_ONCE = 4;

/** Each release in turn, some at once; the results in the order asked for. */
export async function runReleases(releases: readonly Release[], began: (release: Release) => void = () => {}) {
  const results = new Map<Release, ReleaseResult>();
  const left = [...releases];
  const lane = async () => {
    for (let release = left.shift(); release !== undefined; release = left.shift()) {
      began(release);
      results.set(release, await runRelease(release));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return releases.flatMap((release) => results.get(release) ?? []);
}

/** Drives every verb as a parent of that release does, each on servers of its own, against a cell of its own. */
export async function runRelease(release: Release): Promise<ReleaseResult> {
  const stage = await Stage.set({
    name: `release-${release}`,
    release,
    ini: {
      DEFAULT: { reclaim_instance_interval: RECLAIM_S },
      burst: { provider: 'simulator' },
      simulator: { zones: ZONE },
    },
  });
  try {
    const stopCell = await startLocalCell(stage.cell.configFile);
    stage.atEnd(stopCell);
    await stage.parent.waitForChild();
    const outcomes = await outcomesOf(new World(stage.parent, stage.database));
    const violations = stage.parent.violations.map(
      ({ severity, code, method, uuid, text }) => `${severity} ${code} ${method} ${uuid ?? ''}: ${text}`,
    );
    return { release, outcomes, violations };
  } finally {
    await stage.end();
  }
}

async function outcomesOf(world: World): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  const drive = async (each: VerbCase) => void outcomes.set(each.verb, await outcomeOf(each, world));
  await Promise.all(CASES.filter(({ alone }) => alone !== true).map(drive));
  for (const each of CASES.filter(({ alone }) => alone === true)) await drive(each);
  return outcomes;
}

async function outcomeOf({ run }: VerbCase, world: World): Promise<Outcome> {
  try {
    await run(world);
    return { support: 'works', why: '' };
  } catch (error) {
    if (error instanceof NeverSent) return { support: 'never', why: '' };
    const why = error instanceof Error ? error.message : String(error);
    if (error instanceof Refused || error instanceof RemoteError) return { support: 'refused', why };
    return { support: 'failed', why };
  }
}
