import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { VerbArguments } from '../demo-parent/verb-data.js';
import { FakeEc2Process } from '../support/fake-ec2-process.js';
import { Stage } from '../support/stage.js';
import {
  active,
  answeredSomehow,
  eventually,
  expectAgreement,
  LAST_VERB,
  PARENTS,
  rebuildArguments,
  START_MS,
  stageFor,
  UNKNOWN,
} from './parent-kit.js';

describe.each(PARENTS)('the other verbs of a %s parent, at a cell whose machines take %d ms to boot', (release, bootDelayMs) => {
  const on = stageFor('other', release, bootDelayMs);

  /** The state that the parent believes in, so that its API lets the verb pass. */
  it.each<[string, string, VerbArguments]>([
    ['pause', 'active', {}],
    ['unpause', 'paused', {}],
    ['suspend', 'active', {}],
    ['resume', 'suspended', {}],
    ['rescue', 'active', { kwargs: { rescue_password: 'p', rescue_image_ref: null, clean_shutdown: true } }],
    ['unrescue', 'rescued', {}],
    ['resize', 'active', { own: { flavor: { flavorid: '2' }, extra_instance_updates: {}, clean_shutdown: true } }],
    ['resize-confirm', 'resized', {}],
    ['resize-revert', 'resized', {}],
    ['rebuild', 'active', { own: rebuildArguments() }],
    ['image-create', 'active', { own: { image_id: UNKNOWN } }],
    ['backup', 'active', { own: { image_id: UNKNOWN, backup_type: 'daily', rotation: 1 } }],
    ['set-password', 'active', { own: { new_pass: 'secret' } }],
    ['shelve', 'active', { kwargs: { clean_shutdown: true } }],
    ['shelve-offload', 'shelved', { kwargs: { clean_shutdown: true } }],
    ['unshelve', 'shelved_offloaded', {}],
    ['evacuate', 'active', { args: [null, null, 'p', null] }],
    ['volume-detach', 'active', { args: [{ id: UNKNOWN }] }],
  ])('brings %s to its end, done or refused: no task is left, and parent and row agree', async (verb, believed, given) => {
    const uuid = await active(on.stage);
    const row = on.stage.parent.tables.instances.get(uuid);
    if (row) row.columns.vm_state = believed;

    await on.stage.parent.api.verb(verb, uuid, given);

    await eventually(async () => {
      const [operation] = await on.stage.database.query<{ finished_at: Date | null }>(LAST_VERB, [uuid]);
      expect(operation?.finished_at).toBeInstanceOf(Date);
    });
    await expectAgreement(on.stage, uuid);
  });

  it.each<[string, VerbArguments]>([
    ['volume-attach', { args: [UNKNOWN, null, null, null] }],
    ['vnc-console', { args: ['novnc'] }],
    ['spice-console', { args: ['spice-html5'] }],
    ['rdp-console', { args: ['rdp-html5'] }],
    ['serial-console', { args: ['serial'] }],
    ['diagnostics', {}],
  ])('answers %s, or says in the words of nova that it cannot', async (verb, given) => {
    const uuid = await active(on.stage);

    await answeredSomehow(on.stage.parent.api.verb(verb, uuid, given));
  });

  it.each(['reset-network', 'inject-network-info'])('lets %s pass without leaving a task', async (verb) => {
    const uuid = await active(on.stage);

    await on.stage.parent.api.verb(verb, uuid);

    await expect(on.stage.parent.admin.services()).resolves.toEqual(expect.any(Array));
    expect(on.stage.parent.show(uuid)).toMatchObject({ vmState: 'active', taskState: null });
  });

  it('takes a live migration that stops at the parent for what it is', async () => {
    const uuid = await active(on.stage);

    await expect(on.stage.parent.api.verb('live-migration', uuid)).rejects.toMatchObject({ status: 500 });

    await on.stage.parent.waitForState(uuid, 'active');
  });
});

describe('a verb that the cloud has no ability for', () => {
  let stage: Stage;
  let fake: FakeEc2Process;

  beforeAll(async () => {
    fake = await FakeEc2Process.start({ delayMs: 100 });
    stage = await Stage.up({ name: 'verbs-ec2', release: 'rocky', ini: { burst: { provider: 'ec2' }, ec2: fake.settings } });
  }, START_MS);

  afterAll(async () => {
    await stage?.end();
    await fake?.stop();
  }, START_MS);

  it.each([
    ['pause', 'active'],
    ['unpause', 'paused'],
  ])('is refused: %s leaves no task, and a fault or an action says why', async (verb, believed) => {
    const uuid = await active(stage);
    const row = stage.parent.tables.instances.get(uuid);
    if (row) row.columns.vm_state = believed;

    await stage.parent.api.verb(verb, uuid);

    await stage.parent.waitForState(uuid, 'active');
    await eventually(async () => {
      const faults = stage.parent.tables.faults.get(uuid) ?? [];
      const actions = await stage.parent.admin.actions(uuid);
      expect(faults.length + actions.filter(({ message }) => message !== null).length).toBeGreaterThan(0);
    });
    expect(stage.parent.violations).toEqual([]);
  });
});
