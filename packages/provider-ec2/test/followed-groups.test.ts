import type { LaunchRequest, SecurityGroup, SecurityGroupRule } from '@burstcell/provider';
import { describe, expect, it } from '@jest/globals';
import { defaultRegion } from '../src/fake/index.js';
import { createEc2Provider } from '../src/index.js';
import { aBench, abilitiesOf, aConfig, aRequest, type Bench, launchOne } from './builders.js';

const WEB = '11111111-1111-4111-8111-111111111111';
const DB = '22222222-2222-4222-8222-222222222222';
const OUT = { direction: 'egress', protocol: null, portMin: null, portMax: null } as const;

function aRule(changes: Partial<SecurityGroupRule> = {}): SecurityGroupRule {
  return {
    ...{ direction: 'ingress', ethertype: 'IPv4', protocol: 'tcp', portMin: 443, portMax: 443 },
    ...{ remoteCidr: null, remoteGroupId: null, remoteAddressGroupId: null, description: null },
    ...changes,
  };
}

function aGroup(id: string, name: string, rules: readonly SecurityGroupRule[]): SecurityGroup {
  return { id, name, rules };
}

const web = aGroup(WEB, 'web', [aRule(), aRule({ portMin: 22, portMax: 22, remoteGroupId: DB }), aRule(OUT)]);
const db = aGroup(DB, 'db', [aRule({ portMin: 5432, portMax: 5432, remoteGroupId: WEB })]);

function asking(groups: readonly SecurityGroup[], changes: Partial<LaunchRequest> = {}): LaunchRequest {
  return aRequest({ securityGroups: groups.map(({ name }) => name), securityGroupRules: groups, ...changes });
}

/** EC2's counterpart, as the fake has it. */
function counterpart({ fake }: Bench, id: string) {
  return fake.securityGroups().find(({ tags }) => tags?.['burstcell:security-group'] === id);
}

/** What it lets in or out, in short. */
function shown(bench: Bench, id: string) {
  const say = (rules: readonly { protocol: string; fromPort: number; value: string }[] = []) =>
    rules.map(({ protocol, fromPort, value }) => `${protocol} ${fromPort} ${value}`);
  const group = counterpart(bench, id);
  return { in: say(group?.ingress), out: say(group?.egress) };
}

async function launchedGroups({ provider }: Bench, request: LaunchRequest): Promise<readonly string[]> {
  const [offering] = await provider.offerings(request);
  const [launch] = offering ? provider.freeze([request], offering, 1) : [];
  return ((launch?.parameters.run ?? {}) as { securityGroupIds?: readonly string[] }).securityGroupIds ?? [];
}

const changesOf = ({ fake }: Bench) =>
  fake
    .calls()
    .map(({ action }) => action)
    .filter((action) => /SecurityGroup/.test(action) && !action.startsWith('Describe'));

describe('a security group that follows the network service', () => {
  it('is made with its tags, its rules and no others, and stands in the launch', async () => {
    const bench = aBench();
    const request = asking([web]);
    await abilitiesOf(bench).prepareSecurityGroups(request);

    const group = counterpart(bench, WEB);
    expect(group).toMatchObject({
      name: expect.stringMatching(/^burstcell 11111111-.* [0-9a-f]{10}$/),
      vpcId: defaultRegion.subnets[0]?.vpcId,
      tags: { 'burstcell:cell': 'ec2', 'burstcell:incarnation': 'first', 'burstcell:security-group': WEB },
    });
    expect(shown(bench, WEB)).toEqual({
      in: ['tcp 443 0.0.0.0/0', `tcp 22 ${counterpart(bench, DB)?.groupId}`],
      out: ['-1 -1 0.0.0.0/0'],
    });
    expect(await launchedGroups(bench, request)).toEqual([group?.groupId]);
    expect(
      JSON.stringify(bench.provider.freeze([request], (await bench.provider.offerings(request))[0] as never, 1)),
    ).not.toContain('443');
  });

  it('loses the egress rule that EC2 adds, where the network service has none such', async () => {
    const bench = aBench();
    await abilitiesOf(bench).prepareSecurityGroups(asking([aGroup(WEB, 'web', [aRule()])]));

    expect(shown(bench, WEB).out).toEqual([]);
  });

  it('may name one that names it', async () => {
    const bench = aBench();
    await abilitiesOf(bench).prepareSecurityGroups(asking([web, db]));

    expect(shown(bench, DB).in).toEqual([`tcp 5432 ${counterpart(bench, WEB)?.groupId}`]);
    expect(shown(bench, WEB).in).toContain(`tcp 22 ${counterpart(bench, DB)?.groupId}`);
  });

  it('is asked for once by a burst of builds, and brought along when its rules have changed', async () => {
    const bench = aBench();
    await Promise.all(Array.from({ length: 20 }, () => abilitiesOf(bench).prepareSecurityGroups(asking([web]))));
    const { CreateSecurityGroup, DescribeSecurityGroups } = bench.fake.counts().byAction;
    expect({ CreateSecurityGroup, DescribeSecurityGroups }).toEqual({ CreateSecurityGroup: 2, DescribeSecurityGroups: 2 });

    bench.fake.clearCalls();
    await abilitiesOf(bench).prepareSecurityGroups(
      asking([{ ...web, rules: [aRule({ portMin: 80, portMax: 80 }), aRule(OUT)] }]),
    );

    expect(changesOf(bench)).toEqual(['AuthorizeSecurityGroupIngress', 'RevokeSecurityGroupIngress']);
    expect(shown(bench, WEB).in).toEqual(['tcp 80 0.0.0.0/0']);
  });

  it('is not taken for ready when a change of it came half-way and was taken back', async () => {
    const bench = aBench();
    const next = { ...web, rules: [aRule({ portMin: 80, portMax: 80 })] };
    await abilitiesOf(bench).prepareSecurityGroups(asking([web]));
    bench.fake.inject({ action: 'RevokeSecurityGroupIngress', code: 'InternalError' });
    await expect(abilitiesOf(bench).prepareSecurityGroups(asking([next]))).rejects.toMatchObject({ kind: 'unavailable' });
    expect(shown(bench, WEB).in).toContain('tcp 80 0.0.0.0/0');

    await abilitiesOf(bench).prepareSecurityGroups(asking([web]));

    expect(shown(bench, WEB).in).not.toContain('tcp 80 0.0.0.0/0');
  });

  it('keeps launches of equal groups together', async () => {
    const bench = aBench();
    const requests = [asking([web]), asking([web], { securityGroups: [WEB] })];
    for (const request of requests) await abilitiesOf(bench).prepareSecurityGroups(request);

    const offered = await Promise.all(requests.map((request) => bench.provider.offerings(request)));
    expect(offered[0]?.[0]?.key).toBe(offered[1]?.[0]?.key);
    expect(bench.provider.freeze(requests, offered[0]?.[0] as never, 1)).toHaveLength(1);
  });

  it('gives way to the map, by its name or its id', async () => {
    const bench = aBench({ securityGroupMap: { web: ['sg-2'], [DB]: ['sg-3'] } });
    const request = asking([web, db], { securityGroups: [WEB, 'db'] });
    await abilitiesOf(bench).prepareSecurityGroups(request);

    expect(changesOf(bench)).toEqual([]);
    expect(await launchedGroups(bench, request)).toEqual(['sg-2', 'sg-3']);
  });

  it('is never left out: unknown above it is refused, unprepared it is not offered', async () => {
    const bench = aBench();
    const request = asking([web]);

    await expect(bench.provider.offerings(request)).rejects.toMatchObject({ kind: 'unavailable', subject: 'security-group' });
    await expect(
      abilitiesOf(bench).prepareSecurityGroups({ ...request, securityGroups: ['web', 'nosuch'] }),
    ).rejects.toMatchObject({
      kind: 'not-found',
      userMessage: expect.stringContaining('nosuch'),
    });
    expect(changesOf(bench)).toEqual([]);
  });

  it('is found again after a lost reply, and belongs to one cell', async () => {
    const bench = aBench();
    bench.fake.inject({ action: 'CreateSecurityGroup', code: 'NetworkingError', when: 'after', times: 1 });
    await expect(abilitiesOf(bench).prepareSecurityGroups(asking([db]))).rejects.toMatchObject({ kind: 'unavailable' });
    await abilitiesOf(bench).prepareSecurityGroups(asking([db]));
    const other = createEc2Provider(aConfig({ api: bench.fake, clock: bench.clock, cellName: 'another' }));
    await other.prepareSecurityGroups(asking([db]));

    expect(bench.fake.securityGroups().filter(({ tags }) => tags?.['burstcell:security-group'] === DB)).toHaveLength(2);
  });

  it('is not taken for one of somebody else that has its name', async () => {
    const bench = aBench();
    await abilitiesOf(bench).prepareSecurityGroups(asking([aGroup(WEB, 'web', [])]));
    const { name = '', vpcId = '' } = counterpart(bench, WEB) ?? {};
    const foreign = aBench({}, { region: { securityGroups: [{ groupId: 'sg-foreign', name, vpcId }] } });

    await expect(abilitiesOf(foreign).prepareSecurityGroups(asking([web]))).rejects.toMatchObject({
      kind: 'conflict',
      message: expect.stringContaining('sg-foreign'),
    });
  });

  it('is relieved first when it is too full for old and new rules at once', async () => {
    const bench = aBench();
    const rules = (from: number) => Array.from({ length: 40 }, (_, at) => aRule({ portMin: from + at, portMax: from + at }));
    await abilitiesOf(bench).prepareSecurityGroups(asking([aGroup(WEB, 'web', rules(100))]));
    await abilitiesOf(bench).prepareSecurityGroups(asking([aGroup(WEB, 'web', rules(1000))]));
    expect(shown(bench, WEB).in).toHaveLength(40);

    const tooMany = asking([aGroup(WEB, 'web', [...rules(1000), ...rules(2000)])]);
    await expect(abilitiesOf(bench).prepareSecurityGroups(tooMany)).rejects.toMatchObject({
      kind: 'quota',
      faultCode: 413,
      userMessage: expect.stringContaining('60 each way'),
    });
  });

  it('ends right when another replica adds and takes away the same rules first', async () => {
    const bench = aBench();
    await abilitiesOf(bench).prepareSecurityGroups(asking([web]));
    const groupId = counterpart(bench, WEB)?.groupId ?? '';
    const stale = bench.fake.describeSecurityGroups.bind(bench.fake);
    const seen = await stale({ filters: {} });
    const next = asking([{ ...web, rules: [aRule({ portMin: 80, portMax: 80 }), aRule({ portMin: 81, portMax: 81 })] }]);
    const slow = createEc2Provider(
      aConfig({
        clock: bench.clock,
        api: Object.assign(Object.create(bench.fake), { describeSecurityGroups: async () => seen }),
      }),
    );
    await bench.fake.authorizeSecurityGroupIngress({
      groupId,
      rules: [{ protocol: 'tcp', fromPort: 80, toPort: 80, source: 'ipv4', value: '0.0.0.0/0' }],
    });
    await bench.fake.revokeSecurityGroupIngress({
      groupId,
      rules: [{ protocol: 'tcp', fromPort: 443, toPort: 443, source: 'ipv4', value: '0.0.0.0/0' }],
    });

    await slow.prepareSecurityGroups(next);

    expect(shown(bench, WEB)).toEqual({ in: ['tcp 80 0.0.0.0/0', 'tcp 81 0.0.0.0/0'], out: [] });
  });

  it('that was deleted at EC2 spends the launch that names it, and is made again', async () => {
    const bench = aBench();
    const request = asking([aGroup(WEB, 'web', [aRule()])]);
    await abilitiesOf(bench).prepareSecurityGroups(request);
    await bench.fake.deleteSecurityGroup(counterpart(bench, WEB)?.groupId ?? '');

    await expect(launchOne(bench, request)).rejects.toMatchObject({ kind: 'conflict' });
    await abilitiesOf(bench).prepareSecurityGroups(request);
    expect(await launchOne(bench, request)).toMatch(/^i-/);
  });

  it('that EC2 does not know everywhere yet lets the launch be repeated', async () => {
    const bench = aBench();
    const request = asking([web]);
    await abilitiesOf(bench).prepareSecurityGroups(request);
    bench.fake.inject({ action: 'RunInstances', code: 'InvalidGroup.NotFound', when: 'before', times: 1 });

    await expect(launchOne(bench, request)).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('is one of five at most for an interface, and the user is told so', async () => {
    const bench = aBench();
    const groups = Array.from({ length: 6 }, (_, at) => aGroup(`group-${at}`, `g${at}`, []));
    await abilitiesOf(bench).prepareSecurityGroups(asking(groups));

    await expect(launchOne(bench, asking(groups))).rejects.toMatchObject({
      kind: 'invalid',
      subject: 'security-group',
      userMessage: expect.stringContaining('usually 5'),
    });
  });
});

describe('explain', () => {
  it('says which groups a boot would get, and what is left out, and makes none', async () => {
    const bench = aBench({ securityGroupMap: { ops: ['sg-9'] } });
    const odd = aRule({ protocol: 'sctp' });
    await abilitiesOf(bench).prepareSecurityGroups(asking([aGroup(DB, 'db', [])]));
    bench.fake.clearCalls();
    const request = asking([aGroup(WEB, 'web', [odd]), db], { securityGroups: ['web', 'db', 'ops'] });
    const explanation = await bench.provider.explain?.({
      ...request,
      securityGroupRules: [...(request.securityGroupRules ?? []), aGroup('x', 'ops', [])],
    });

    expect(explanation?.notes).toEqual([
      'Security group ops is sg-9 (security_group_map).',
      expect.stringMatching(/^Security group web .* is made by the first boot in vpc-/),
      `Security group db (${DB}) is ${counterpart(bench, DB)?.groupId} in ${defaultRegion.subnets[0]?.vpcId} and follows the network service.`,
      expect.stringMatching(
        /^Security group web: a rule is left out.* sctp 443-443 from any: EC2 knows ports of TCP and UDP only\.$/,
      ),
    ]);
    expect(explanation?.refusal).toBeNull();
    expect(changesOf(bench)).toEqual([]);
  });

  it('says that such a boot would be refused', async () => {
    const explanation = await aBench().provider.explain?.(asking([], { securityGroups: ['nosuch'] }));

    expect(explanation?.refusal).toMatchObject({ kind: 'not-found' });
  });
});

describe('the sync of followed groups', () => {
  const HOUR_MS = 60 * 60_000;

  it('undoes what somebody changed at EC2, and leaves alone what is right', async () => {
    const bench = aBench();
    await abilitiesOf(bench).prepareSecurityGroups(asking([web, db]));
    const groupId = counterpart(bench, WEB)?.groupId ?? '';
    const hole = { protocol: '-1', fromPort: -1, toPort: -1, source: 'ipv6', value: '::/0' } as const;
    await bench.fake.authorizeSecurityGroupIngress({ groupId, rules: [hole] });
    bench.fake.clearCalls();

    expect(await abilitiesOf(bench).syncSecurityGroups(async () => [web, db])).toEqual({
      ...{ groups: 2, changed: 1, deleted: 0, failed: 0 },
    });
    expect(changesOf(bench)).toEqual(['RevokeSecurityGroupIngress']);
    expect(shown(bench, WEB).in).not.toContain('-1 -1 ::/0');
  });

  it('deletes what is gone above, after a while and once nothing uses it', async () => {
    const bench = aBench();
    const request = asking([aGroup(WEB, 'web', [])]);
    await abilitiesOf(bench).prepareSecurityGroups(request);
    const id = await launchOne(bench, request);
    const sync = () => abilitiesOf(bench).syncSecurityGroups(async () => []);

    expect(await sync()).toMatchObject({ groups: 1, deleted: 0 });
    bench.clock.advance(HOUR_MS);
    expect(await sync()).toMatchObject({ deleted: 0, failed: 0 });
    await bench.provider.terminate(id);
    bench.clock.advance(5_000);
    expect(await sync()).toMatchObject({ groups: 1, deleted: 1 });
    expect(counterpart(bench, WEB)).toBeUndefined();
  });

  it('keeps one that comes back within that time', async () => {
    const bench = aBench();
    const group = aGroup(WEB, 'web', []);
    await abilitiesOf(bench).prepareSecurityGroups(asking([group]));
    await abilitiesOf(bench).syncSecurityGroups(async () => []);
    bench.clock.advance(HOUR_MS);
    await abilitiesOf(bench).syncSecurityGroups(async () => [group]);

    expect(await abilitiesOf(bench).syncSecurityGroups(async () => [])).toMatchObject({ groups: 1, deleted: 0 });
  });

  it('asks EC2 once for all of them, and says once what is left out', async () => {
    const told: object[] = [];
    const log = { info() {}, warn: (_: string, facts: object) => void told.push(facts) };
    const bench = aBench({ log });
    const odd = { ...web, rules: [...web.rules, aRule({ protocol: 'sctp' })] };
    await abilitiesOf(bench).prepareSecurityGroups(asking([odd, db]));
    bench.fake.clearCalls();
    for (let pass = 0; pass < 3; pass += 1) await abilitiesOf(bench).syncSecurityGroups(async () => [odd, db]);

    expect(bench.fake.counts().byAction).toEqual({ DescribeSecurityGroups: 3 });
    expect(told).toEqual([expect.objectContaining({ securityGroup: WEB, leftOut: [expect.stringContaining('sctp')] })]);
  });

  it('goes on after one that fails', async () => {
    const bench = aBench();
    await abilitiesOf(bench).prepareSecurityGroups(asking([web, db]));
    bench.fake.inject({ action: 'AuthorizeSecurityGroupIngress', code: 'InternalError', when: 'before', times: 1 });
    const more = [...web.rules, aRule({ portMin: 1, portMax: 1 })];

    const came = await abilitiesOf(bench).syncSecurityGroups(async () => [
      { ...web, rules: more },
      { ...db, rules: more },
    ]);

    expect(came).toEqual({ groups: 2, changed: 1, deleted: 0, failed: 1 });
  });
});
