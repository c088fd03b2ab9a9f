import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../src/config/config.js';

const MINIMUM =
  '[DEFAULT]\ntransport_url = rabbit://nova:secret@broker:5672/ec2\n[database]\nconnection = postgresql://burstcell@db/burstcell\n';
const USER = 'auth_url = http://keystone/v3\nusername = cell\npassword = p\n';

describe('[neutron]', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'burstcell-neutron-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const load = (section: string) => {
    const path = join(folder, 'burstcell.conf');
    writeFileSync(path, `${MINIMUM}[neutron]\n${section}`);
    return loadConfig([path], []);
  };

  it("of nova's own file changes nothing", () => {
    const { neutron, warnings } = load('url = http://neutron:9696\nusername = nova\nservice_metadata_proxy = true\n');

    expect(neutron).toBeNull();
    expect(warnings.join()).toContain('service_metadata_proxy is ignored');
  });

  it('is followed where it says so, by the URL that nova has', () => {
    expect(load(`follow_security_groups = true\nurl = http://neutron:9696/v2.0/\n${USER}`).neutron).toMatchObject({
      endpoint: 'http://neutron:9696',
      user: { username: 'cell', projectName: 'service' },
      syncIntervalMs: 60_000,
    });
  });

  it('is not followed without a URL or a user', () => {
    expect(() => load(`follow_security_groups = true\n${USER}`)).toThrow(
      '[neutron] follow_security_groups is set without endpoint_override',
    );
    expect(() => load('follow_security_groups = true\nendpoint_override = http://n\n')).toThrow('is set without username');
  });
});
