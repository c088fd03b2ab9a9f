import { describe, expect, it } from '@jest/globals';
import { Ec2OptionError, ec2Options, parseEc2Options } from '../src/index.js';

describe('the [ec2] section', () => {
  it('needs a region and nothing else', () => {
    expect(parseEc2Options({ region: 'eu-central-1' })).toMatchObject({
      region: 'eu-central-1',
      encrypted: true,
      imdsV2: true,
      market: 'on-demand',
      rootVolumeType: 'gp3',
      refusalMemoryMs: 180_000,
      requestTimeoutMs: 30_000,
      tags: { Name: '{display_name}', 'openstack-project': '{project_id}' },
    });
  });

  it('reads lists and maps', () => {
    const settings = parseEc2Options({
      region: 'r',
      zones: 'a, b',
      subnets: 'a:subnet-1|subnet-2,b:subnet-3',
      image_map: 'ubuntu:22.04:ami-1',
      instance_type_map: 'm1.small:t3.small|t3a.small',
      burstable: 'No',
      image_properties: '',
    });

    expect(settings).toMatchObject({
      zones: ['a', 'b'],
      subnets: { a: ['subnet-1', 'subnet-2'], b: ['subnet-3'] },
      imageMap: { 'ubuntu:22.04': 'ami-1' },
      instanceTypeMap: { 'm1.small': ['t3.small', 't3a.small'] },
      burstable: false,
      imageProperties: [],
    });
  });

  it.each([
    [{}, 'region', 'for example eu-central-1'],
    [{ region: 'r', zone: 'a' }, 'zone', 'use one of'],
    [{ region: 'r', encrypted: 'perhaps' }, 'encrypted', 'true or false'],
    [{ region: 'r', max_candidates: '0' }, 'max_candidates', 'from 1 up'],
    [{ region: 'r', max_candidates: '2.5' }, 'max_candidates', 'whole number'],
    [{ region: 'r', market: 'reserved' }, 'market', 'on-demand, spot'],
    [{ region: 'r', endpoint_url: 'localhost:5000' }, 'endpoint_url', 'http://'],
    [{ region: 'r', serial_console: 'true' }, 'serial_console_endpoint', 'AWS publishes'],
    [{ region: 'r', serial_console: 'true', serial_console_endpoint: 'h' }, 'serial_console_fingerprints', 'AWS publishes'],
    [{ region: 'eu-west-1', serial_console: 'true', serial_console_endpoint: 'a b' }, 'serial_console_endpoint', 'host:port'],
    [
      { region: 'eu-west-1', serial_console: 'true', serial_console_fingerprints: 'MD5:1' },
      'serial_console_fingerprints',
      'SHA256:',
    ],
    [{ region: 'r', image_map: 'cirros' }, 'image_map', 'name:value'],
    [{ region: 'r', public_address: 'elastic' }, 'public_address', 'subnet, always, never'],
    [{ region: 'r', guest_metadata: 'yes' }, 'guest_metadata', 'config-drive'],
    [{ region: 'r', security_group_names: '{project}-{name}' }, 'security_group_names', 'project_id, name'],
    [{ region: 'r', tags: 'aws:x:y' }, 'tags', 'another tag name'],
    [{ region: 'r', tags: 'Name:{instance}' }, 'tags', 'display_name'],
    [{ region: 'r', access_key_id: 'AKIA' }, 'secret_access_key', 'set both'],
  ])('names the key and the remedy for %j', (values, key, remedy) => {
    const error = errorOf(() => parseEc2Options(values as unknown as Record<string, string>));

    expect(error).toBeInstanceOf(Ec2OptionError);
    expect(error).toMatchObject({ key, remedy: expect.stringContaining(remedy) });
  });

  it('documents every option with a default that can be read', () => {
    const defaults = ec2Options.flatMap(({ name, default: text }) => (text === null ? [] : [[name, text]]));

    expect(() => parseEc2Options({ ...Object.fromEntries(defaults), region: 'r' })).not.toThrow();
    for (const { help } of ec2Options) expect(help).toMatch(/^[A-Z].*\.$/);
  });
});

function errorOf(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}
