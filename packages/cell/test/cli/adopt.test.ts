import { writeFileSync } from 'node:fs';
import { SimulatedCloud, Simulator } from '@burstcell/provider/simulator';
import { openStore, type Store } from '@burstcell/store';
import { createTestDatabase, type TestDatabase } from '@burstcell/store/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import type { CliContext } from '../../src/cli/cli-context.js';
import { addAdoptCommand } from '../../src/cli/commands/adopt.js';
import { Hosts } from '../../src/hosts.js';
import { CliWorld, MINIMUM } from './support.js';

const OWNERS = ['--project', 'p1', '--user', 'u1', '--wait', '0'];
const FLAVOR = { id: 7, flavorid: '2', name: 'm1.small', memory_mb: 2_048, vcpus: 1, root_gb: 20, ephemeral_gb: 0 };
const API_DATABASE = '[api_database]\nconnection = mysql://nova@db/nova_api\n';

describe('burstcell adopt', () => {
  let database: TestDatabase;
  let store: Store;
  let world: CliWorld;
  let cloud: SimulatedCloud;

  beforeAll(async () => {
    database = await createTestDatabase();
    store = await openStore({ url: database.url, poolSize: 2, reportGapMs: 0, settleMs: 0 });
    await store.commit({ writes: [{ write: 'remember-flavor', flavor: FLAVOR }] });
  });
  afterAll(async () => {
    await store.close();
    await database.drop();
  });
  beforeEach(() => {
    world = new CliWorld();
    cloud = new SimulatedCloud();
  });
  afterEach(() => world.dispose());

  /** `burst`: lines of that section, and of others after it. */
  async function adopt(args: readonly string[], burst = `parent_release = rocky\n${API_DATABASE}`) {
    writeFileSync(world.configFile, `${MINIMUM}[burst]\n${burst}`);
    const lines: string[] = [];
    let exitCode = 0;
    const context = { print: (line: string) => void lines.push(line), complain: () => {}, providerOptions: async () => [] };
    const provider = new Simulator({ cloud, cellName: 'ec2' });
    const hosts = new Hosts(store, provider, 'ec2-', () => new Date());
    const program = new Command('burstcell').exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} });
    addAdoptCommand(program, context as unknown as CliContext, {
      exit: (code) => {
        exitCode = code;
      },
      lend: (_config, work) => work({ store, provider, hosts, owner: world.configFile }),
    });
    await program.parseAsync(['adopt', ...args, '--config-file', world.configFile], { from: 'user' });
    return { exitCode, out: lines.join('\n') };
  }

  const rows = async () => (await store.instances.list({ limit: 1_000 })).length;

  it('lists machines without a cell’s tag, with the flavor that each would get', async () => {
    const id = cloud.launchOutside('zone-a', { name: 'billing', vcpus: 1, memoryMb: 1_536 });
    const ours = cloud.launchOutside('zone-a', { name: 'taken' });
    await new Simulator({ cloud, cellName: 'other' }).adopt?.(ours, 'uuid');

    const { out } = await adopt(['--list']);

    const line = out.split('\n').find((each) => each.includes(id));
    for (const text of ['billing', '1c-1536m', 'zone-a', 'running', 'm1.small']) expect(line).toContain(text);
    expect(out).not.toContain('taken');
  });

  it('records an instance, and an operation for a running cell', async () => {
    const id = cloud.launchOutside('zone-a', { name: 'billing' });

    const { out, exitCode } = await adopt([id, ...OWNERS]);

    expect(exitCode).toBe(0);
    expect(out).toContain('a running cell goes on with it');
    const uuid = out.match(/recorded as instance (\S+);/)?.[1] ?? '';
    expect((await store.operations.pending(uuid)).map(({ verb }) => verb)).toEqual(['adopt']);
    expect((await store.instances.views([uuid])).get(uuid)).toMatchObject({
      ...{ display_name: 'billing', project_id: 'p1', user_id: 'u1', host: 'ec2-zone-a', memory_mb: 2_048, vm_state: 'active' },
    });
    expect((await store.providerInstances.of([uuid])).get(uuid)).toMatchObject({ providerId: id, adopted: 'protected' });
  });

  it('given again leaves one instance and one operation', async () => {
    const id = cloud.launchOutside('zone-a');
    await adopt([id, ...OWNERS, '--deletable']);
    const before = await rows();

    const { out } = await adopt([id, id, ...OWNERS]);

    expect(out).toContain('adopted already');
    expect(await rows()).toBe(before);
    const uuid = out.match(/recorded as instance (\S+);/)?.[1] ?? '';
    expect(await store.operations.pending(uuid)).toHaveLength(1);
    expect((await store.providerInstances.of([uuid])).get(uuid)?.adopted).toBe('deletable');
  });

  it('names several by one name as nova does', async () => {
    const ids = [cloud.launchOutside('zone-a'), cloud.launchOutside('zone-b')];

    const { out } = await adopt([...ids, ...OWNERS, '--name', 'web', '--dry-run']);

    expect(out).toMatch(/\bweb\b.*\n(.*\n)?.*web-2/);
  });

  it('with --dry-run says what would be recorded, and records nothing', async () => {
    const id = cloud.launchOutside('zone-a', { name: 'billing' });
    const before = await rows();

    const { out } = await adopt([id, ...OWNERS, '--dry-run']);

    for (const text of [id, 'billing', 'm1.small', 'ec2-zone-a', 'p1', 'leaves it running']) expect(out).toContain(text);
    expect(await rows()).toBe(before);
  });

  it.each([
    ['a machine that is unknown or a cell’s', ['sim-none', ...OWNERS], undefined, /--list/],
    ['an unknown flavor', ['ID', ...OWNERS, '--flavor', 'm9.none'], undefined, /m1\.small/],
    ['a Havana parent', ['ID', ...OWNERS], 'parent_release = havana\n', /boot a new server/],
    ['a Rocky parent without its API database', ['ID', ...OWNERS], 'parent_release = rocky\n', /api_database/],
    ['a cell that only observes', ['ID', ...OWNERS], 'observe_only = true\n', /observe_only/],
    ['no project', ['ID', '--user', 'u1'], undefined, /whose/],
  ])('refuses %s with a remedy, and records nothing', async (_what, args, burst, remedy) => {
    const id = cloud.launchOutside('zone-a');
    const before = await rows();

    await expect(
      adopt(
        args.map((arg) => (arg === 'ID' ? id : arg)),
        burst,
      ),
    ).rejects.toMatchObject({
      remedy: expect.stringMatching(remedy),
    });

    expect(await rows()).toBe(before);
  });
});
