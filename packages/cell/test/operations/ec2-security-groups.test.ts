import { randomUUID } from 'node:crypto';
import { createEc2Provider, parseEc2Options } from '@burstcell/provider-ec2';
import { defaultRegion, FakeEc2 } from '@burstcell/provider-ec2/fake';
import { openStore, type Store } from '@burstcell/store';
import { createTestDatabase, type TestDatabase } from '@burstcell/store/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openSecurityGroups } from '../../src/neutron/open-security-groups.js';
import { verbs } from '../../src/operations/verbs.js';
import { Worker } from '../../src/operations/worker.js';
import { GroupSync } from '../../src/reconcile/group-sync.js';
import { Watcher } from '../../src/reconcile/watcher.js';
import type { SecurityGroupService } from '../../src/security-groups.js';
import type { HttpStub } from '../parent/http-stub.js';
import { startIdentity } from '../parent/identity-stub.js';
import { type NetworkStub, startNetwork } from '../parent/network-stub.js';
import { neutronConfig } from '../support/network.js';
import { coreTools } from '../support/tools.js';
import { until } from '../support/until.js';
import { buildUnit } from './build-unit.js';

const HTTPS = { direction: 'ingress', protocol: 'tcp', port_range_min: 443, port_range_max: 443 } as const;

describe('security groups from neutron to EC2', () => {
  const fake = new FakeEc2();
  let database: TestDatabase;
  let store: Store;
  let network: NetworkStub;
  let keystone: HttpStub;
  let sync: GroupSync;
  let stop: () => Promise<void>;

  beforeAll(async () => {
    database = await createTestDatabase();
    store = await openStore({ url: database.url, poolSize: 4, reportGapMs: 0, settleMs: 60_000 });
    network = await startNetwork();
    keystone = await startIdentity(() => ({}));
    const settings = parseEc2Options({ region: 'us-east-1', default_ami: defaultRegion.images[0]?.imageId ?? '' });
    const provider = createEc2Provider({ ...settings, cellName: 'ec2', incarnation: 'first', api: fake });
    const service = openSecurityGroups(neutronConfig(network.url, keystone.url)) as SecurityGroupService;
    const tools = coreTools({ store, provider, securityGroups: service });
    const worker = new Worker(tools, verbs, { holder: 'test', concurrency: 64 });
    const watcher = new Watcher({ ...tools, holder: 'test' });
    sync = new GroupSync({ ...tools, service, holder: 'test', intervalMs: 60_000 });
    worker.start();
    watcher.start();
    stop = async () => {
      await worker.stop(10_000);
      await watcher.stop();
      await provider.close();
    };
  });
  afterAll(async () => {
    await stop();
    await network.close();
    await keystone.close();
    fake.reset();
    await store.close();
    await database.drop();
  });

  async function booted(asked: readonly string[]): Promise<readonly string[]> {
    const uuid = randomUUID();
    await store.commit(buildUnit(uuid, { parameters: { securityGroups: asked } }));
    const state = async () => (await store.instances.views([uuid])).get(uuid)?.vm_state ?? '';
    await until(async () => ['active', 'error'].includes(await state()), 'the end of the build');
    expect(await state()).toBe('active');
    const id = (await store.providerInstances.of([uuid])).get(uuid)?.providerId ?? '';
    return fake.instance(id)?.securityGroupIds ?? [];
  }

  const counterpart = (id: string) => fake.securityGroups().find(({ tags }) => tags?.['burstcell:security-group'] === id);

  it('are what a server runs with, rules and all, and share launches', async () => {
    const web = network.add({ tenant_id: 'p', name: 'web', security_group_rules: [HTTPS] });
    fake.clearCalls();

    const servers = await Promise.all(Array.from({ length: 12 }, () => booted(['web'])));

    expect(new Set(servers.flat())).toEqual(new Set([counterpart(web.id)?.groupId]));
    expect(counterpart(web.id)).toMatchObject({
      ingress: [{ protocol: 'tcp', fromPort: 443, toPort: 443, value: '0.0.0.0/0' }],
      egress: [],
    });
    const { RunInstances = 0, CreateSecurityGroup } = fake.counts().byAction;
    expect(CreateSecurityGroup).toBe(1);
    expect(RunInstances).toBeLessThan(12);
  }, 60_000);

  it('are made again for the next server when somebody deleted them at EC2', async () => {
    const db = network.add({ tenant_id: 'p', name: 'db', security_group_rules: [HTTPS] });
    const [first = ''] = await booted(['db']);
    for (const { instanceId } of fake.snapshot().instances) fake.terminateOutside(instanceId);
    await until(async () => fake.snapshot().instances.every(({ state }) => state === 'terminated'), 'all are gone');
    await fake.deleteSecurityGroup(first);

    const [second = ''] = await booted(['db']);

    expect(second).not.toBe(first);
    expect(counterpart(db.id)).toMatchObject({ groupId: second, ingress: [{ fromPort: 443 }] });
  }, 60_000);

  it('change with neutron while servers run', async () => {
    const app = network.add({ tenant_id: 'p', name: 'app', security_group_rules: [HTTPS] });
    await booted(['app']);
    app.security_group_rules = [{ ...HTTPS, port_range_min: 8443, port_range_max: 8443, remote_ip_prefix: '192.0.2.0/24' }];

    await sync.sync();

    expect(counterpart(app.id)?.ingress).toMatchObject([{ fromPort: 8443, value: '192.0.2.0/24' }]);
  }, 60_000);
});
