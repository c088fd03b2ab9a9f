import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import { RemoteError } from '../demo-parent/questions.js';
import type { Release } from '../demo-parent/releases.js';
import { Stage } from '../support/stage.js';

export const START_MS = 60_000;
export const UNKNOWN = '99999999-9999-4999-8999-999999999999';

/** A quick provider, and one that takes its time: the first update of a build then comes before ACTIVE. */
export const PARENTS: readonly (readonly [Release, number])[] = [
  ['rocky', 0],
  ['ocata', 400],
];

/** One stage for the tests of a `describe`, whose parent must have nothing to object to after each of them. */
export function stageFor(name: string, release: Release, bootDelayMs: number): { readonly stage: Stage } {
  let stage: Stage | undefined;
  beforeAll(async () => {
    stage = await Stage.up({
      name: `${name}-${release}`,
      release,
      ini: {
        burst: { provider: 'simulator', settle_ms: 2_000, update_gap_ms: 200, max_ram_mb: 1_000_000 },
        simulator: { boot_delay_ms: bootDelayMs },
      },
    });
  }, START_MS);

  afterAll(async () => {
    await stage?.end();
  }, START_MS);

  afterEach(() => {
    expect(stage?.parent.violations).toEqual([]);
  });

  return {
    get stage() {
      if (stage === undefined) throw new Error('the stage is not up yet');
      return stage;
    },
  };
}

export function rebuildArguments() {
  return { image_href: UNKNOWN, admin_password: 'p', files_to_inject: [], preserve_ephemeral: false, kwargs: {} };
}

export function keyPair() {
  const row = { id: 1, name: 'ops', user_id: 'demo-user', fingerprint: 'aa:bb', public_key: 'ssh-ed25519 AAAA ops', type: 'ssh' };
  return { ...row, created_at: null, updated_at: null, deleted_at: null, deleted: false };
}

export async function boot(stage: Stage): Promise<string> {
  const [uuid = ''] = await stage.parent.api.boot({ name: 'one' });
  return uuid;
}

export async function active(stage: Stage): Promise<string> {
  const uuid = await boot(stage);
  await stage.parent.waitForState(uuid, 'active');
  return uuid;
}

export interface OwnRow {
  readonly vm_state: string;
  readonly task_state: string | null;
  readonly display_name: string;
  readonly locked: boolean | null;
}

export async function rowOf(stage: Stage, uuid: string, condition: (row: OwnRow) => boolean): Promise<void> {
  await eventually(async () => {
    const rows = await stage.database.query<OwnRow>('select * from instances where uuid = $1', [uuid]);
    expect(rows.filter(condition)).toHaveLength(1);
  });
}

export async function rowGone(stage: Stage, uuid: string): Promise<void> {
  await eventually(async () => {
    const rows = await stage.database.query('select 1 from instances where uuid = $1 and deleted = 0', [uuid]);
    expect(rows).toEqual([]);
  });
}

export async function expectNoGhosts(stage: Stage): Promise<void> {
  await eventually(async () => {
    const { servers, ghosts } = await stage.parent.list();
    const settled = servers.filter(({ vmState }) => vmState !== 'building').map(({ uuid }) => uuid);
    expect(ghosts.filter((uuid) => settled.includes(uuid) || stage.parent.show(uuid) === undefined)).toEqual([]);
  });
}

/** The last thing a parent asked for beside the build. */
export const LAST_VERB = `select finished_at from operations where instance_uuid = $1 and verb <> 'build' order by id desc limit 1`;

/** No task anywhere, and the parent shows what the row holds. */
export async function expectAgreement(stage: Stage, uuid: string): Promise<void> {
  await eventually(async () => {
    const [row] = await stage.database.query<OwnRow>('select * from instances where uuid = $1', [uuid]);
    const shown = stage.parent.show(uuid);
    expect([row?.task_state, shown?.taskState]).toEqual([null, null]);
    expect(shown?.vmState).toBe(row?.vm_state);
  });
}

/** Silence is what is not allowed; the form of an answer is looked at by the parent itself. */
export async function answeredSomehow(answer: Promise<unknown>): Promise<void> {
  await answer.catch((error) => expect(error).toBeInstanceOf(RemoteError));
}

export const EVENTUALLY_MS = 15_000;
export const LOOK_MS = 50;

/** Repeats an assertion about the outside world until it holds. */
export async function eventually(assertion: () => Promise<void>): Promise<void> {
  const until = Date.now() + EVENTUALLY_MS;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }
}
