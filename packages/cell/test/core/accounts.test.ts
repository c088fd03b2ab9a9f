import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Explanation } from '@burstcell/provider';
import { aLaunchRequest } from '@burstcell/provider/conformance';
import { defaultRegion, FakeEc2, startFakeServer } from '@burstcell/provider-ec2/fake';
import { createTestDatabase, type TestDatabase } from '@burstcell/store/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { explainLaunch } from '../../src/cli/explain/explain-launch.js';
import { loadConfig } from '../../src/config/config.js';
import { providerOptions } from '../../src/providers/options.js';
import { writeIni } from '../support/cell-config.js';

/** AWS's STS that refuses every role. */
async function aRefusingSts() {
  const asked: URLSearchParams[] = [];
  const error = '<ErrorResponse><Error><Code>AccessDenied</Code><Message>not you</Message></Error></ErrorResponse>';
  const server = createServer(async (request, response) => {
    asked.push(new URLSearchParams(await text(request)));
    response.writeHead(403, { 'content-type': 'text/xml' }).end(error);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe('a cell with an accounts file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'accounts-'));
  const ends: (() => unknown)[] = [];
  let database: TestDatabase;
  let sts: { readonly server: Server; readonly asked: readonly URLSearchParams[]; readonly url: string };
  let explain: (projectId: string) => Promise<Explanation | null>;

  beforeAll(async () => {
    database = await createTestDatabase();
    sts = await aRefusingSts();
    const ec2 = await startFakeServer({ fake: new FakeEc2() });
    ends.push(
      () => ec2.close(),
      () => sts.server.close(),
      () => database.drop(),
      () => rmSync(folder, { recursive: true }),
    );
    const role_arn = 'arn:aws:iam::210987654321:role/burstcell';
    const accounts_file = join(folder, 'accounts.json');
    writeFileSync(accounts_file, JSON.stringify([{ projects: ['p2'], role_arn, external_id: 'x-1' }]));
    const urls = { endpoint_url: ec2.url, sts_endpoint_url: sts.url };
    const keys = { access_key_id: 'a', secret_access_key: 's' };
    const default_ami = defaultRegion.images[0]?.imageId;
    const file = writeIni(folder, 'burstcell.conf', {
      DEFAULT: { transport_url: 'rabbit://u:p@127.0.0.1/v' },
      database: { connection: database.url },
      cells: { name: 'west' },
      burst: { provider: 'ec2' },
      ec2: { region: 'us-east-1', ...urls, ...keys, default_ami, accounts_file },
    });
    const config = loadConfig([file], providerOptions);
    explain = (projectId) => explainLaunch(config, aLaunchRequest({ projectId }));
  });
  afterAll(async () => {
    for (const end of ends) await end();
  });

  it('plans boots of a project in its account, as the role named there', async () => {
    await expect(explain('p2')).rejects.toMatchObject({ kind: 'unauthorized', code: 'AssumeRoleRefused' });

    expect(Object.fromEntries(sts.asked[0] ?? [])).toMatchObject({
      RoleArn: 'arn:aws:iam::210987654321:role/burstcell',
      RoleSessionName: 'burstcell-west',
      ExternalId: 'x-1',
    });
  });

  it('plans all others with its own credentials', async () => {
    const before = sts.asked.length;

    expect((await explain('p1'))?.refusal).toBeNull();
    expect(sts.asked).toHaveLength(before);
  });
});
