import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Simulator } from '@burstcell/provider/simulator';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { register } from 'prom-client';
import { Cell } from '../../src/cell.js';
import { loadConfig } from '../../src/config/config.js';
import type { Front } from '../../src/front.js';
import { World } from '../operations/world.js';
import type { HttpStub } from '../parent/http-stub.js';
import { startIdentity } from '../parent/identity-stub.js';
import { type NetworkStub, startNetwork } from '../parent/network-stub.js';
import { until } from '../support/until.js';

const OWNER = 'cell/first';

describe('a cell with [neutron] follow_security_groups', () => {
  let world: World;
  let folder: string;
  let network: NetworkStub;
  let keystone: HttpStub;
  beforeEach(async () => {
    // Counters belong to a process, and each cell registers its own.
    register.clear();
    world = await World.make();
    folder = mkdtempSync(join(tmpdir(), 'burstcell-network-'));
    network = await startNetwork();
    keystone = await startIdentity(() => ({}));
  });
  afterEach(async () => {
    await world.close();
    await network.close();
    await keystone.close();
    rmSync(folder, { recursive: true });
  });

  /** Under a front that does nothing. */
  function aCell(provider: Simulator, warnings: string[] = []) {
    const file = join(folder, 'cell.conf');
    const user = `auth_url = ${keystone.url}\nusername = cell\npassword = secret\nsync_interval_s = 1\n`;
    writeFileSync(
      file,
      `[DEFAULT]\ntransport_url = rabbit://b/\n[database]\nconnection = postgresql://d/\n` +
        `[neutron]\nfollow_security_groups = true\nendpoint_override = ${network.url}\n${user}`,
    );
    const nothing = async () => undefined;
    const link = { publicKey: async () => null };
    const front = { link, capacityChanged: () => undefined, start: nothing, stopListening: nothing, close: nothing };
    const log = { debug() {}, info() {}, warn: (_: object, text: string) => void warnings.push(text), error() {} };
    const facts = { capabilities: {}, databaseSince: new Date(), makeFront: () => front as unknown as Front, log };
    return new Cell({ config: loadConfig([file], []), store: world.store, provider, ...facts });
  }

  it('gives a server the groups that it is to have, and brings them along while it runs', async () => {
    const web = network.add({ name: 'web' });
    const groups = () => world.cloud.at(({ state }) => [...(state.securityGroups.get(OWNER)?.values() ?? [])]);
    const cell = aCell(new Simulator({ cloud: world.cloud }));
    await cell.start();
    await world.submit(randomUUID(), 'build', { securityGroups: ['web'] });

    await until(async () => groups().length === 1 && groups()[0]?.rules.length === 2, 'the group is there');
    web.security_group_rules = [];
    await until(async () => groups()[0]?.rules.length === 0, 'the rules are gone');
    await cell.stop();
  });

  it('says so where its provider has no security groups', () => {
    const warnings: string[] = [];
    aCell(new Simulator({ abilities: { without: ['syncSecurityGroups'] } }), warnings);

    expect(warnings.join()).toContain('the provider has no security groups');
  });
});
