import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../src/config/config.js';

const MINIMUM =
  '[DEFAULT]\ntransport_url = rabbit://nova:secret@broker:5672/ec2\n[database]\nconnection = postgresql://burstcell@db/burstcell\n';

describe('[cinder]', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'burstcell-cinder-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const load = (section: string) => {
    const path = join(folder, 'burstcell.conf');
    writeFileSync(path, `${MINIMUM}[cinder]\n${section}`);
    return loadConfig([path], []).cinder;
  };

  it("takes nova's own options, and ignores those of them that mean nothing here", () => {
    const text = 'endpoint_template = http://cinder:8776/v3/%(project_id)s\nos_region_name = one\ncross_az_attach = false\n';

    expect(load(text)).toMatchObject({
      endpointTemplate: 'http://cinder:8776/v3/%(project_id)s',
      osRegionName: 'one',
      user: null,
    });
  });

  it('takes a map, the name of a property and a user', () => {
    const text =
      'volume_map = a:vol-1, b:vol-2\nprovider_id_property = ebs_volume_id\nauth_url = http://keystone/v3\nusername = cell\npassword = p\n';

    expect(load(text)).toMatchObject({
      volumeMap: { a: 'vol-1', b: 'vol-2' },
      providerIdProperty: 'ebs_volume_id',
      user: { username: 'cell', projectName: 'service', userDomainName: 'Default' },
    });
  });

  it('refuses a map without values, and a user without a password', () => {
    expect(() => load('volume_map = a\n')).toThrow("[cinder] volume_map has 'a'");
    expect(() => load('username = cell\n')).toThrow('[cinder] username is set without auth_url and password');
  });

  it('is believed in nothing that users can write unless it says so', () => {
    expect(load('').providerIdProperty).toBeNull();
  });
});
