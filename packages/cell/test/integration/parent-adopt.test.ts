import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Release } from '../demo-parent/releases.js';
import { FakeEc2Process } from '../support/fake-ec2-process.js';
import { Stage } from '../support/stage.js';
import { eventually, expectNoGhosts, START_MS } from './parent-kit.js';

const PARENTS: readonly Release[] = ['icehouse', 'mitaka', 'rocky'];
/** Each command is a process of its own, on a machine that others use too. */
const TEST_MS = 180_000;

let fake: FakeEc2Process;

beforeAll(async () => {
  fake = await FakeEc2Process.start({ delayMs: 50 });
}, START_MS);

afterAll(() => fake?.stop());

/** Somebody who knows no cells starts a machine: EC2's Query API, as any tool speaks it. */
async function outsider(name: string): Promise<string> {
  const form = new URLSearchParams({
    ...{ Action: 'RunInstances', Version: '2016-11-15', ImageId: (await anImage()) ?? '', InstanceType: 't3.medium' },
    ...{ MinCount: '1', MaxCount: '1', ClientToken: randomUUID(), 'TagSpecification.1.ResourceType': 'instance' },
    ...{ 'TagSpecification.1.Tag.1.Key': 'Name', 'TagSpecification.1.Tag.1.Value': name },
  });
  const answer = await (await fetch(fake.url, { method: 'POST', body: form })).text();
  const id = answer.match(/<instanceId>(i-[0-9a-f]+)</)?.[1];
  if (id === undefined) throw new Error(answer);
  await eventually(async () => expect((await machine(id))?.state).toBe('running'));
  return id;
}

async function anImage(): Promise<string | undefined> {
  const form = new URLSearchParams({ Action: 'DescribeImages', Version: '2016-11-15' });
  const answer = await (await fetch(fake.url, { method: 'POST', body: form })).text();
  return answer.match(/<imageId>(ami-[0-9a-f]+)</)?.[1];
}

async function machine(id: string) {
  return (await fake.snapshot()).instances.find(({ instanceId }) => instanceId === id);
}

describe.each(PARENTS)('a machine that is adopted under a %s parent', (release) => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.up({
      name: `adopt-${release}`,
      release,
      ini: { burst: { provider: 'ec2', settle_ms: 1_000, update_gap_ms: 100 }, ec2: fake.settings },
    });
    // Flavors are learnt from builds.
    for (const flavor of ['m1.small', 'm1.medium']) {
      const [uuid = ''] = await stage.parent.api.boot({ name: flavor, flavor });
      await stage.parent.waitForState(uuid, 'active');
    }
  }, START_MS);

  afterAll(async () => {
    await stage?.end();
  }, START_MS);

  afterEach(() => {
    expect(stage.parent.violations).toEqual([]);
  });

  const adopt = async (id: string, ...more: string[]): Promise<string> => {
    const said = await stage.cell.command(['adopt', id, '--project', 'p1', '--user', 'u1', ...more]);
    const uuid = said.match(new RegExp(`${id} is instance (\\S+)`))?.[1];
    if (uuid === undefined) throw new Error(said);
    return uuid;
  };

  it(
    'is ACTIVE there with host, addresses, flavor and owner; stops and starts; its delete leaves the machine running',
    async () => {
      const { parent } = stage;
      const id = await outsider('billing');
      expect(await stage.cell.command(['adopt', '--list'])).toContain(id);

      const uuid = await adopt(id);

      const shown = await parent.waitForState(uuid, 'active');
      expect(shown).toMatchObject({ name: 'billing', host: expect.stringContaining('us-east-1'), powerState: 1 });
      expect(Object.values(shown.addresses).flat()).not.toEqual([]);
      await eventually(async () => {
        const row = parent.tables.living(uuid);
        expect(row).toMatchObject({ complete: true, columns: { project_id: 'p1', memory_mb: 4_096, vcpus: 2 } });
        expect(JSON.stringify([row?.flavor, row?.system_metadata])).toContain('m1.medium');
      });
      if (parent.dialect.buildRequests !== 'none') expect(await parent.apiDatabase.mappings()).toContain(uuid);

      await parent.api.stop(uuid);
      await parent.waitForState(uuid, 'stopped');
      await parent.api.start(uuid);
      await parent.waitForState(uuid, 'active');

      await parent.api.delete(uuid);
      await parent.waitForGone(uuid);
      const left = await machine(id);
      expect(left?.state).toBe('running');
      expect(Object.keys(left?.tags ?? {})).toEqual(['Name']);
      await expectNoGhosts(stage);
    },
    TEST_MS,
  );

  it(
    'ends with its instance where it was adopted as deletable, and is not adopted twice',
    async () => {
      const { parent } = stage;
      const id = await outsider('spare');

      const uuid = await adopt(id, '--deletable', '--name', 'mine');
      expect(await adopt(id)).toBe(uuid);

      await parent.waitForState(uuid, 'active');
      expect(parent.show(uuid)?.name).toBe('mine');
      await parent.api.delete(uuid);
      await parent.waitForGone(uuid);
      await eventually(async () => expect((await machine(id))?.state).toMatch(/shutting-down|terminated/));
    },
    TEST_MS,
  );
});

describe('a cell that only observes, under a rocky parent', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.up({ name: 'observe', release: 'rocky', ini: { burst: { provider: 'ec2' }, ec2: fake.settings } });
  }, START_MS);

  afterAll(async () => {
    await stage?.end();
  }, START_MS);

  it(
    'refuses a boot and a stop, offers no room, and says so in its log',
    async () => {
      const { parent } = stage;
      const [uuid = ''] = await parent.api.boot({ name: 'before' });
      await parent.waitForState(uuid, 'active');
      await stage.replicas[0]?.stop();
      parent.tables.child.capacities = {};
      appendFileSync(stage.cell.configFile, '[burst]\nobserve_only = true\n');
      expect(await stage.cell.command(['doctor'])).toContain('observe_only');
      const cell = await stage.start(0);
      await parent.waitForChild();

      const units = JSON.stringify(parent.tables.child.capacities);
      expect(units).not.toMatch(/:\s*[1-9]/);
      expect(cell.lines.join()).toContain('observe_only');
      await parent.api.stop(uuid);
      await parent.waitForState(uuid, 'active');
      const [booted = ''] = await parent.api.boot({ name: 'after' });
      const shown = await parent.waitForState(booted, 'error');

      expect(shown.fault?.message).toContain('only observes');
      expect((await fake.snapshot()).instances.filter(({ tags }) => tags['burstcell:uuid'] === booted)).toEqual([]);
      expect(parent.violations).toEqual([]);
    },
    TEST_MS,
  );
});
