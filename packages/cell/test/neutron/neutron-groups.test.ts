import { aLaunchRequest } from '@burstcell/provider/conformance';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { withFollowedGroups } from '../../src/cli/explain/followed-groups.js';
import { openSecurityGroups } from '../../src/neutron/open-security-groups.js';
import type { SecurityGroupService } from '../../src/security-groups.js';
import { type HttpStub, type StubRequest, serveStub } from '../parent/http-stub.js';
import { startIdentity } from '../parent/identity-stub.js';
import { type NetworkStub, startNetwork } from '../parent/network-stub.js';
import { neutronConfig } from '../support/network.js';

describe('security groups of a neutron', () => {
  let network: NetworkStub;
  let keystone: HttpStub;
  let service: SecurityGroupService;
  beforeEach(async () => {
    network = await startNetwork();
    keystone = await startIdentity(() => ({}));
    service = opened();
  });
  afterEach(async () => {
    await network.close();
    await keystone.close();
  });

  const opened = () => openSecurityGroups(neutronConfig(network.url, keystone.url)) as SecurityGroupService;
  const signal = () => AbortSignal.timeout(10_000);
  const meant = (...asked: string[]) => service.meant(asked, 'p', signal());

  it('are read by name or id, with their rules, of the project alone', async () => {
    const rule = { direction: 'ingress', ethertype: 'IPv4', protocol: 'tcp', port_range_min: 22, port_range_max: 22 } as const;
    const web = network.add({ name: 'web', security_group_rules: [{ ...rule, remote_ip_prefix: '10.0.0.0/8' }] });
    const db = network.add({ name: 'db', security_group_rules: [{ direction: 'egress', remote_group_id: web.id }] });
    const other = network.add({ name: 'other', tenant_id: 'q' });

    expect(await meant('web', db.id, 'other', other.id)).toEqual([
      {
        ...{ id: web.id, name: 'web' },
        rules: [
          {
            ...{ direction: 'ingress', ethertype: 'IPv4', protocol: 'tcp', portMin: 22, portMax: 22 },
            ...{ remoteCidr: '10.0.0.0/8', remoteGroupId: null, remoteAddressGroupId: null, description: null },
          },
        ],
      },
      expect.objectContaining({ id: db.id, rules: [expect.objectContaining({ direction: 'egress', remoteGroupId: web.id })] }),
    ]);
  });

  it('are made by neutron where a project has no default group yet', async () => {
    expect(await meant('default')).toMatchObject([
      { name: 'default', rules: [{ direction: 'egress' }, { direction: 'egress' }] },
    ]);
  });

  it('are refused where a name stands for several, as nova does', async () => {
    const [one] = [network.add({ name: 'twin' }), network.add({ name: 'twin' })];

    await expect(meant('twin')).rejects.toMatchObject({ name: 'Failure', kind: 'conflict', code: 409 });
    expect(await meant(one.id)).toMatchObject([{ id: one.id }]);
  });

  it('are read page by page, whatever address the links name', async () => {
    network.pageSize = 2;
    const all = Array.from({ length: 5 }, (_, at) => network.add({ name: `g${at}` }));

    expect((await meant('g4'))[0]?.id).toBe(all[4]?.id);
    expect(
      (
        await service.byIds(
          all.map(({ id }) => id),
          signal(),
        )
      ).map(({ name }) => name),
    ).toEqual(['g0', 'g1', 'g2', 'g3', 'g4']);
  });

  it('are found by id in any project, in requests of bearable length', async () => {
    const all = Array.from({ length: 60 }, (_, at) => network.add({ tenant_id: `p${at}` }));
    network.remove(all[0]?.id ?? '');

    expect(
      await service.byIds(
        all.map(({ id }) => id),
        signal(),
      ),
    ).toHaveLength(59);
    expect(network.asked).toHaveLength(2);
  });

  it('are asked for once by a burst, and again for what was made since', async () => {
    network.add({ name: 'web' });
    await Promise.all(Array.from({ length: 20 }, () => meant('web')));
    expect(network.asked).toHaveLength(1);
    await meant('web');
    expect(network.asked).toHaveLength(1);

    const { id } = network.add({ name: 'new' });
    expect(await meant('new')).toMatchObject([{ id }]);
    expect(await meant('nosuch')).toEqual([]);
  });

  it('wait for no answer longer than their caller does', async () => {
    const aborted = AbortSignal.abort(new Error('enough'));

    await expect(service.meant(['web'], 'p', aborted)).rejects.toThrow('enough');
  });

  it('stand in a request that is to be explained, by default the default one', async () => {
    const { id } = network.add({ name: 'web' });
    const config = neutronConfig(network.url, keystone.url);
    const asking = (securityGroups: readonly string[]) =>
      withFollowedGroups(config, aLaunchRequest({ projectId: 'p', securityGroups }));

    expect((await asking(['web'])).securityGroupRules).toMatchObject([{ id }]);
    expect(await asking([])).toMatchObject({ securityGroups: ['default'], securityGroupRules: [{ name: 'default' }] });
    network.instead(() => ({ status: 403 }));
    await expect(asking(['other'])).rejects.toMatchObject({ name: 'CliError', remedy: expect.stringContaining('[neutron]') });
    expect(await withFollowedGroups(null, aLaunchRequest())).not.toHaveProperty('securityGroupRules');
  });

  it('are asked for with a new token when the old one is refused, once', async () => {
    let issued = 0;
    const issuer = await serveStub(() => {
      issued += 1;
      const body = { token: { expires_at: new Date(Date.now() + 3_600_000).toISOString() } };
      return { status: 201, body, headers: { 'x-subject-token': `bed-${issued}` } };
    });
    const by = openSecurityGroups(neutronConfig(network.url, issuer.url)) as SecurityGroupService;
    const tokens: unknown[] = [];
    const refused = ({ headers }: StubRequest) => {
      tokens.push(headers['x-auth-token']);
      return { status: 401 };
    };
    network.instead(refused);
    await by.probe(signal());
    expect(tokens).toEqual(['bed-1']);
    expect(issued).toBe(2);

    network.instead(refused);
    network.instead(refused);
    await expect(by.probe(signal())).rejects.toMatchObject({ kind: 'unauthorized' });
    expect(tokens).toEqual(['bed-1', 'bed-2', 'bed-3']);
    await issuer.close();
  });

  it.each([[500], [503], [404], [302]])('that neutron answers with %i for are asked for again later', async (status) => {
    network.instead(() => ({ status }));
    await expect(meant('web')).rejects.toMatchObject({
      kind: 'unavailable',
      userMessage: 'The network service does not answer.',
    });

    network.add({ name: 'web' });
    expect(await meant('web')).toHaveLength(1);
  });

  it('cannot be had from a neutron that is away, or that lets nobody in', async () => {
    network.instead(() => ({ status: 403 }));
    await expect(service.probe(signal())).rejects.toMatchObject({ kind: 'unauthorized' });
    await service.probe(signal());
    await network.close();
    await expect(service.probe(signal())).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
