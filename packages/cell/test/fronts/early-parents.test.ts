import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Release } from '../demo-parent/releases.js';
import { active, rowGone, rowOf, START_MS } from '../integration/parent-kit.js';
import { Stage } from '../support/stage.js';

/** The three forms in which dicts are spoken; none of them is named in the configuration. */
const PARENTS: readonly Release[] = ['grizzly', 'juno', 'kilo'];

describe.each(PARENTS)('a %s parent, recognised by the cell', (release) => {
  let stage: Stage;
  const lines: string[] = [];

  beforeAll(async () => {
    stage = await Stage.up({
      name: `early-${release}`,
      release,
      withApiDatabase: false,
      ini: {
        burst: { provider: 'simulator', parent_release: 'auto', settle_ms: 1_000, update_gap_ms: 150, max_ram_mb: 1_000_000 },
        simulator: { boot_delay_ms: 400 },
      },
      onLine: (line) => void lines.push(line),
    });
  }, START_MS);

  afterAll(async () => {
    await stage?.end();
  }, START_MS);

  afterEach(() => {
    expect(stage.parent.violations).toEqual([]);
  });

  it('boots three with one request, each ACTIVE with host, addresses and the name the parent gave it', async () => {
    const uuids = await stage.parent.api.boot({ name: 'trio', count: 3 });
    const before = uuids.map((uuid) => stage.parent.show(uuid)?.name);

    const shown = await Promise.all(uuids.map((uuid) => stage.parent.waitForState(uuid, 'active')));

    expect(shown.map(({ name }) => name)).toEqual(before);
    for (const { host, addresses } of shown) {
      expect(host).toMatch(/./);
      expect(Object.values(addresses).flat()).not.toEqual([]);
    }
  });

  it('is named in the log', () => {
    const recognised = lines.filter((line) => line.includes('the parent was recognised'));

    expect(recognised.at(-1)).toContain(release);
  });

  it('stops and starts', async () => {
    const uuid = await active(stage);

    await stage.parent.api.stop(uuid);
    await stage.parent.waitForState(uuid, 'stopped');
    await stage.parent.api.start(uuid);
    const shown = await stage.parent.waitForState(uuid, 'active');

    expect(shown.powerState).toBe(1);
  });

  it('locks and unlocks, at the parent too', async () => {
    const uuid = await active(stage);

    await stage.parent.api.lock(uuid);
    await rowOf(stage, uuid, ({ locked }) => locked === true);
    await stage.parent.api.unlock(uuid);
    await rowOf(stage, uuid, ({ locked }) => locked === false);

    await stage.parent.waitFor(uuid, (shown) => shown?.locked === false);
  });

  it('renames, and resets the state', async () => {
    const uuid = await active(stage);

    await stage.parent.api.rename(uuid, 'renamed');
    await rowOf(stage, uuid, ({ display_name }) => display_name === 'renamed');
    await stage.parent.api.resetState(uuid, 'error');
    await rowOf(stage, uuid, ({ vm_state }) => vm_state === 'error');

    expect(stage.parent.show(uuid)).toMatchObject({ name: 'renamed' });
  });

  it('deletes, and drops its own row', async () => {
    const uuid = await active(stage);

    await stage.parent.api.delete(uuid);

    await stage.parent.waitForGone(uuid);
    await rowGone(stage, uuid);
  });
});
