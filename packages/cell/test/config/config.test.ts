import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allGroups, loadConfig } from '../../src/config/config.js';
import { ConfigError } from '../../src/config/config-error.js';
import type { OptionGroup } from '../../src/config/option.js';

const VENDOR: OptionGroup = {
  name: 'vendor',
  owner: 'burstcell',
  intro: '',
  options: [
    { name: 'region', type: 'string', default: null, help: '' },
    { name: 'retries', type: 'integer', default: '3', min: 0, help: '' },
    { name: 'lines', type: 'multi', default: null, help: '' },
    { name: 'key', type: 'secret', default: null, help: '' },
  ],
};

const MINIMUM =
  '[DEFAULT]\ntransport_url = rabbit://nova:secret@broker:5672/ec2\n[database]\nconnection = postgresql://burstcell@db/burstcell\n';

let folder: string;
let count = 0;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'burstcell-config-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function aFile(text: string): string {
  count += 1;
  const path = join(folder, `${count}.conf`);
  writeFileSync(path, text);
  return path;
}

const load = (...texts: readonly string[]) => loadConfig(texts.map(aFile), [VENDOR]);

function failureOf(...texts: readonly string[]): ConfigError {
  try {
    load(...texts);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

describe('the configuration', () => {
  it('needs a broker and a database, and has a default for everything else', () => {
    const config = load(MINIMUM);

    expect(config).toMatchObject({
      transportUrl: 'rabbit://nova:secret@broker:5672/ec2',
      host: hostname(),
      controlExchange: 'nova',
      database: { connection: 'postgresql://burstcell@db/burstcell' },
      apiDatabase: { connection: null },
      cells: {
        name: 'nova',
        callTimeoutMs: 60_000,
        reservePercent: 10,
        muteChildIntervalMs: 300_000,
        rpcDriverQueueBase: 'cells.intercell',
      },
      rabbit: { ssl: false, heartbeatTimeoutMs: 60_000, transientQueuesTtlMs: 1_800_000 },
      burst: {
        provider: 'ec2',
        parentRelease: 'auto',
        ceiling: { instances: 20 },
        workers: 256,
        updatesPerSecond: 40,
        pulseIntervalMs: 60_000,
      },
      warnings: [],
    });
  });

  it('tells what is missing and what it is for', () => {
    expect(failureOf('[DEFAULT]\n')).toMatchObject({
      message: '[DEFAULT] transport_url is not set',
      remedy: expect.stringContaining('rabbit://'),
    });
    expect(failureOf('[DEFAULT]\ntransport_url = rabbit://h\n').message).toBe('[database] connection is not set');
  });

  it('lets the last line of the last file win, and keeps every line where an option is made for it', () => {
    const config = load(
      `${MINIMUM}[cells]\nname = a\nname = b\n[vendor]\nlines = one\n`,
      '[cells]\nname = c\n[vendor]\nlines = two\nlines = three\n',
    );

    expect(config.cells.name).toBe('c');
    expect(config.sections.vendor).toEqual({ lines: 'one\ntwo\nthree' });
  });

  it('replaces references to other options, looks in its own section first, and keeps $$ as a dollar', () => {
    const config = load(
      `${MINIMUM}[cells]\nname = ec2-$host\n[DEFAULT]\nhost = \${my_ip}-$cells.call_timeout\nmy_ip = 10.0.0.5\n[vendor]\nkey = a$$b\n`,
    );

    expect(config.cells.name).toBe('ec2-10.0.0.5-60');
    expect(config.sections.vendor?.key).toBe('a$b');
  });

  it('refuses references to nothing and circles, without quoting what may be a password', () => {
    expect(failureOf(`${MINIMUM}[cells]\nname = $nothing\n`).message).toMatch(/6: \$nothing names no option/);
    expect(failureOf(`${MINIMUM}[cells]\nname = $rpc_driver_queue_base\nrpc_driver_queue_base = $name\n`).message).toMatch(
      /refers to itself/,
    );

    const leak = failureOf(MINIMUM.replace('secret', 's3cr$hunter2'));
    expect(`${leak.message} ${leak.remedy}`).not.toContain('hunter2');
    expect(leak.remedy).toBe('Write $$ for a dollar sign.');
  });

  it('takes capabilities as nova writes them', () => {
    expect(load(`${MINIMUM}[cells]\ncapabilities = hypervisor=xenserver;kvm, os=linux;windows\n`).cells.capabilities).toEqual([
      'hypervisor=xenserver;kvm',
      'os=linux;windows',
    ]);
  });

  it.each([
    ['[cells]\nreserve_percent = lots', "[cells] reserve_percent cannot be 'lots'", 'Write a number from 0 to 100.'],
    ['[cells]\nreserve_percent = 101', "[cells] reserve_percent cannot be '101'", 'Write a number from 0 to 100.'],
    ['[cells]\ncall_timeout = 0', "[cells] call_timeout cannot be '0'", 'Write a whole number from 1 up.'],
    ['[cells]\nname = a!b', "[cells] name cannot be 'a!b'", 'Leave out !, @ and spaces.'],
    ['[burst]\nparent_release = roky', "[burst] parent_release cannot be 'roky'", 'Use one of auto, grizzly'],
    ['[burst]\ncapacity_memory_mb = 512,big', "[burst] capacity_memory_mb cannot be 'big'", 'Write a whole number from 0 up.'],
    ['[burst]\nmax_instances =', '[burst] max_instances is empty', 'Give it a value or remove the line.'],
    [
      '[oslo_messaging_rabbit]\nssl = maybe',
      "[oslo_messaging_rabbit] ssl is neither true nor false: 'maybe'",
      'Write true or false.',
    ],
    ['[vendor]\nretries = -1', "[vendor] retries cannot be '-1'", 'Write a whole number from 0 up.'],
  ])('names file, line and remedy of a wrong value: %j', (text, problem, remedy) => {
    const { message, remedy: given } = failureOf(MINIMUM + text);

    expect(message).toMatch(/\.conf:6: /);
    expect(message).toContain(problem);
    expect(given).toContain(remedy);
  });

  it('refuses unknown keys and sections of ours, and guesses what was meant', () => {
    expect(failureOf(`${MINIMUM}[burst]\nmax_instnaces = 5\n`)).toMatchObject({
      message: expect.stringMatching(/:6: \[burst\] has no option max_instnaces$/),
      remedy: 'Did you mean max_instances?',
    });
    expect(failureOf(`${MINIMUM}[vender]\nregion = x\n`)).toMatchObject({
      message: expect.stringContaining('there is no section [vender]'),
      remedy: 'Did you mean [vendor]?',
    });
    expect(failureOf(`${MINIMUM}[colours]\nsky = blue\n`).remedy).toContain('Ours are: DEFAULT, database');
  });

  it("reads the file nova runs on: what is nova's alone is ignored and named", () => {
    const config = load(`${MINIMUM}[DEFAULT]\nenabled_apis = osapi_compute\ntransport_ulr = x\n[libvirt]\nvirt_type = kvm\n`);

    expect(config.warnings).toEqual([
      expect.stringMatching(/:6: \[DEFAULT\] enabled_apis is ignored$/),
      expect.stringMatching(/:7: \[DEFAULT\] transport_ulr is ignored \(did you mean transport_url\?\)$/),
      expect.stringMatching(/:9: \[libvirt\] virt_type is ignored$/),
    ]);
  });

  it('takes older names of nova, and says which name is the newer one', () => {
    const config = load(
      '[DEFAULT]\ntransport_url = rabbit://h\nsql_connection = postgresql://db/x\n[oslo_messaging_rabbit]\nrabbit_use_ssl = true\n',
    );

    expect(config.database.connection).toBe('postgresql://db/x');
    expect(config.rabbit.ssl).toBe(true);
    expect(config.warnings).toEqual([
      expect.stringContaining('[DEFAULT] sql_connection is an older name of [database] connection'),
      expect.stringContaining('[oslo_messaging_rabbit] rabbit_use_ssl is an older name of [oslo_messaging_rabbit] ssl'),
    ]);
  });

  it('refuses values that are only wrong together', () => {
    expect(failureOf(`${MINIMUM}[burst]\npulse_interval_s = 300\n`).message).toContain(
      'pulse_interval_s is not below [cells] mute_child_interval',
    );
    expect(failureOf(`${MINIMUM}[oslo_messaging_rabbit]\nssl_cert_file = /x\n`).message).toContain(
      'ssl_cert_file is set without ssl_key_file',
    );
  });

  it('takes the exchange and queues of a shared virtual host from our own unless told', () => {
    expect(load(MINIMUM).burst).toMatchObject({ parentControlExchange: 'nova', parentQueueBase: 'cells.intercell' });
    expect(load(`${MINIMUM}[burst]\nparent_control_exchange = top\nparent_queue_base = top.cells\n`).burst).toMatchObject({
      parentControlExchange: 'top',
      parentQueueBase: 'top.cells',
    });
  });

  it('says so when a file cannot be read', () => {
    expect(() => loadConfig([join(folder, 'none.conf')], [])).toThrow(/none\.conf cannot be read: there is no such file/);
  });
});

describe('the option tables', () => {
  const options = allGroups([VENDOR]).flatMap((group) => group.options.map((option) => ({ group, option })));

  it('name every option once', () => {
    const names = options.map(({ group, option }) => `${group.name}.${option.name}`);

    expect(new Set(names).size).toBe(names.length);
  });

  it('explain every option', () => {
    const silent = options.filter(({ group, option }) => group !== VENDOR && option.help.length < 10);

    expect(silent).toEqual([]);
  });
});

describe('[glance]', () => {
  it('is nobody unless servers are named', () => {
    expect(load(MINIMUM).glance).toEqual({ apiServers: [], apiVersion: 2, locationUrl: null, user: null });
  });

  it('takes nova’s own option in every form it has had', () => {
    const of = (text: string) => load(`${MINIMUM}${text}`).glance.apiServers;

    expect(of('[glance]\napi_servers = https://glance/, http://other:9292/v2\n')).toEqual([
      'https://glance',
      'http://other:9292',
    ]);
    expect(of('[DEFAULT]\nglance_api_servers = glance:9292\n')).toEqual(['http://glance:9292']);
  });

  it('takes a location that names the image, and no other', () => {
    const of = (url: string) => `${MINIMUM}[glance]\nlocation_url = ${url}\n`;

    expect(load(of('https://images/{image}')).glance.locationUrl).toBe('https://images/{image}');
    for (const wrong of ['https://images/', '{image}']) expect(failureOf(of(wrong)).message).toContain('location_url');
  });

  it('has a user of the cell’s own, whole or not at all', () => {
    const user = '[glance]\nusername = burstcell\npassword = s3cret\n';

    expect(load(`${MINIMUM}${user}auth_url = http://keystone:5000/v3\n`).glance.user).toMatchObject({
      username: 'burstcell',
      projectName: 'service',
    });
    expect(failureOf(`${MINIMUM}${user}`).message).toContain('[glance] username is set without auth_url');
  });
});

describe('the [console] section', () => {
  it('is off without an address to listen on', () => {
    expect(load(MINIMUM).console).toBeNull();
  });

  it('makes the public URL of that address, and takes another', () => {
    expect(load(`${MINIMUM}[console]\nlisten = 192.0.2.10:6083\n`).console).toMatchObject({
      host: '192.0.2.10',
      port: 6083,
      publicUrl: 'ws://192.0.2.10:6083/',
      tokenTtlMs: 600_000,
    });
    expect(load(`${MINIMUM}[console]\nlisten = [2001:db8::1]:443\ncert = c\nkey = k\n`).console).toMatchObject({
      host: '2001:db8::1',
      publicUrl: 'wss://[2001:db8::1]:443/',
    });
    expect(load(`${MINIMUM}[console]\nlisten = 0.0.0.0:6083\npublic_url = wss://c.example.org/x\n`).console).toMatchObject({
      publicUrl: 'wss://c.example.org/x',
    });
  });

  it.each([
    ['listen = somewhere', /listen cannot be 'somewhere'/],
    ['listen = 192.0.2.10:66000', /listen cannot be/],
    ['listen = 0.0.0.0:6083', /no address that users can reach/],
    ['listen = [::]:6083', /no address that users can reach/],
    ['listen = a:1\npublic_url = https://a/', /public_url is no URL of a web socket/],
    ['listen = a:1\ncert = c.pem', /cert is set without key/],
    ['listen = a:1\ntoken_ttl_s = 0', /token_ttl_s cannot be '0'/],
    ['listen = a:1\nframe_ancestors = https://a, horizon', /frame_ancestors cannot have 'horizon'/],
    ['listen = a:1\nframe_ancestors = https://a;script-src', /frame_ancestors cannot have/],
  ])('is refused with %j', (lines, problem) => {
    expect(failureOf(`${MINIMUM}[console]\n${lines}\n`).message).toMatch(problem);
  });

  it('names the sites that may frame its page, none by default', () => {
    const section = `${MINIMUM}[console]\nlisten = 192.0.2.10:6083\n`;

    expect(load(section).console?.frameAncestors).toEqual([]);
    expect(load(`${section}frame_ancestors = https://a.test, http://b:8080\n`).console?.frameAncestors).toEqual([
      'https://a.test',
      'http://b:8080',
    ]);
  });

  it('bears with the keys that nova has there', () => {
    expect(load(`${MINIMUM}[console]\nallowed_origins = a\n`).warnings.join()).toContain('allowed_origins is ignored');
  });
});
