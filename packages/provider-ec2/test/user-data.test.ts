import { gunzipSync, gzipSync } from 'node:zlib';
import type { LaunchRequest } from '@burstcell/provider';
import { describe, expect, it } from '@jest/globals';
import type { GuestSettings } from '../src/launching/guest-files.js';
import { guestData } from '../src/launching/user-data.js';
import { aRequest } from './builders.js';

const SETTINGS: GuestSettings = { guestMetadata: 'config-drive', configDrivePath: '/mnt/config', swap: 'file' };
const MOTD: LaunchRequest['injectedFiles'] = [['/etc/motd', base64('hello\n')]];
const SCRIPT = '#!/bin/sh\necho hi\n';

function base64(text: string | Buffer): string {
  return Buffer.from(text).toString('base64');
}

function made(changes: Partial<LaunchRequest>, settings: Partial<GuestSettings> = {}, isWindows = false): string | null {
  return guestData(aRequest(changes), { zone: 'us-east-1a', isWindows }, { ...SETTINGS, ...settings }).userData;
}

interface Part {
  readonly head: string;
  readonly body: string;
}

/** The parts of a document that was made, nested ones too. */
function partsOf(userData: string | null): readonly Part[] {
  const bytes = Buffer.from(userData ?? '', 'base64');
  const text = (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString('utf8');
  return split(text).map((part) => {
    const at = part.indexOf('\n\n');
    return { head: part.slice(0, at), body: part.slice(at + 2) };
  });
}

function split(document: string): readonly string[] {
  const boundary = /boundary="?([^"\n;]+)"?/.exec(document.slice(0, document.indexOf('\n\n')))?.[1];
  if (boundary === undefined) return [document];
  const [, ...pieces] = document.split(`\n--${boundary}`);
  return pieces.filter((piece) => !piece.startsWith('--')).flatMap((piece) => split(piece.replace(/^\n/, '')));
}

/** Path → content of the files that a part writes. */
function filesIn({ body }: Part): Readonly<Record<string, string>> {
  const entries = body.split('\n- path: ').slice(1);
  return Object.fromEntries(
    entries.map((entry) => {
      const [path = '', , , ...lines] = entry.split('\n');
      return [JSON.parse(path), Buffer.from(lines.map((line) => line.trim()).join(''), 'base64').toString('utf8')];
    }),
  );
}

const lastOf = (parts: readonly Part[]): Part => parts.at(-1) ?? { head: '', body: '' };

describe('user data without additions', () => {
  it.each([
    ['script', base64(SCRIPT)],
    ['anything', base64('\x00{"ignition": {}}')],
    ['none', null],
  ])('goes unchanged: %s', (_, userData) => {
    expect(made({ userData })).toBe(userData);
  });

  it('is refused beyond 16 KB, with both sizes', () => {
    expect(() => made({ userData: base64(Buffer.alloc(16_385)) })).toThrow(
      expect.objectContaining({ kind: 'invalid', subject: 'user-data', userMessage: expect.stringMatching(/16384 .* 16385/) }),
    );
  });
});

describe('injected files', () => {
  it('become a part for cloud-init beside the user’s script', () => {
    const [script, files, none] = partsOf(made({ userData: base64(SCRIPT), injectedFiles: MOTD }));

    expect(script).toMatchObject({ head: expect.stringContaining('text/x-shellscript'), body: SCRIPT });
    expect(files?.head).toContain('text/cloud-config');
    expect(filesIn(files ?? lastOf([]))).toEqual({ '/etc/motd': 'hello\n' });
    expect(none).toBeUndefined();
  });

  it('are appended to the files that the user’s own configuration writes', () => {
    const parts = partsOf(made({ userData: base64('#cloud-config\nwrite_files: []\n'), injectedFiles: MOTD }));

    expect(parts.map(({ head }) => /Content-Type: ([^;]+)/.exec(head)?.[1])).toEqual(['text/cloud-config', 'text/cloud-config']);
    expect(lastOf(parts).head).toContain('X-Merge-Type: list(append)+dict(no_replace,recurse_list)+str()');
  });

  it('leave a MIME document of the user’s as it is, within ours', () => {
    const own = `Content-Type: multipart/mixed;\n boundary="==own=="\nMIME-Version: 1.0\n\n--==own==\nContent-Type: text/x-shellscript\n\n${SCRIPT}\n--==own==--\n`;
    const parts = partsOf(made({ userData: base64(own), injectedFiles: MOTD }));

    expect(parts.map(({ body }) => body.trim().split('\n')[0])).toEqual(['#!/bin/sh', '#cloud-config']);
  });

  it('go with packed user data', () => {
    const [script] = partsOf(made({ userData: base64(gzipSync(SCRIPT)), injectedFiles: MOTD }));

    expect(script?.body).toBe(SCRIPT);
  });

  it('travel in base64 with text that no mail could hold', () => {
    const [script] = partsOf(made({ userData: base64('#!/bin/sh\necho ü\r\n'), injectedFiles: MOTD }));

    expect(script?.head).toContain('Content-Transfer-Encoding: base64');
    expect(Buffer.from(script?.body ?? '', 'base64').toString('utf8')).toBe('#!/bin/sh\necho ü\r\n');
  });

  it('go alone where there is no user data, and keep every byte', () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const parts = partsOf(made({ injectedFiles: [['opt/all', base64(bytes)]] }));

    expect(parts).toHaveLength(1);
    expect(lastOf(parts).body).toContain('- path: "/opt/all"');
    expect(lastOf(parts).body.replaceAll(/\n {4}/g, '')).toContain(base64(bytes));
  });

  it('are refused beside user data that is not for cloud-init', () => {
    expect(() => made({ userData: base64('{"ignition": {}}'), injectedFiles: MOTD })).toThrow(
      expect.objectContaining({ kind: 'invalid', subject: 'user-data', userMessage: expect.stringContaining('#cloud-config') }),
    );
  });

  it.each([['/etc/'], [''], ['/etc/a\nb']])('are refused with the path %j', (path) => {
    expect(() => made({ injectedFiles: [[path, 'aGk=']] })).toThrow(expect.objectContaining({ kind: 'invalid' }));
  });

  it('cannot leave the root by their path', () => {
    expect(filesIn(lastOf(partsOf(made({ injectedFiles: [['../../etc/motd', 'aGk=']] }))))).toEqual({ '/etc/motd': 'hi' });
  });

  it('are packed when they would be too long', () => {
    const long = `#!/bin/sh\n${'echo again\n'.repeat(1_400)}`;
    const userData = made({ userData: base64(long), injectedFiles: [['/a', base64('b'.repeat(8_000))]] });

    expect(Buffer.from(userData ?? '', 'base64').byteLength).toBeLessThanOrEqual(16_384);
    expect(partsOf(userData)[0]?.body).toBe(long);
  });

  it('are refused when they are too long even so, naming the sizes', () => {
    const noise = Buffer.from(Array.from({ length: 20_000 }, (_, at) => (at * at * 7919 + at * 104_729) >>> 5));

    expect(() => made({ userData: base64(SCRIPT), injectedFiles: [['/a', base64(noise)]] })).toThrow(
      expect.objectContaining({
        kind: 'invalid',
        subject: 'user-data',
        userMessage: expect.stringMatching(
          /^User data \(18 bytes\) and files \(20000\) make \d+ bytes packed; this cloud takes 16384/,
        ),
      }),
    );
  });

  it('make equal bytes of equal requests', () => {
    const request = { userData: base64(SCRIPT), injectedFiles: MOTD };

    expect(made(request)).toBe(made(request));
  });
});

describe('what a config drive would tell', () => {
  const told = (changes: Partial<LaunchRequest>, settings: Partial<GuestSettings> = {}) =>
    JSON.parse(filesIn(lastOf(partsOf(made(changes, settings))))['/mnt/config/openstack/latest/meta_data.json'] ?? 'null');

  it('is in a file for servers that ask for one', () => {
    const request = aRequest({ configDrive: true, displayName: 'wéb', hostname: 'web', metadata: { role: 'front' } });

    expect(told(request)).toEqual({
      uuid: request.uuid,
      name: 'wéb',
      hostname: 'web',
      project_id: request.projectId,
      availability_zone: 'us-east-1a',
      launch_index: 0,
      meta: { role: 'front' },
    });
  });

  it('names the key, never the password', () => {
    const text = JSON.stringify(
      told({ configDrive: true, adminPassword: 's3cret', keyPair: { name: 'k', publicKey: 'ssh-ed25519 AAAA me' } }),
    );

    expect(text).toContain('"public_keys":{"k":"ssh-ed25519 AAAA me"}');
    expect(text).not.toContain('s3cret');
  });

  it('is there where the image demands it, or the operator wants it for all, and nowhere else', () => {
    const image = { ...aRequest().image, properties: { img_config_drive: 'mandatory' } };

    expect(made({ metadata: { a: 'b' } })).toBeNull();
    expect(told({ image })).toMatchObject({ launch_index: 0 });
    expect(told({}, { guestMetadata: 'always' })).toMatchObject({ launch_index: 0 });
    expect(made({ configDrive: true }, { guestMetadata: 'never' })).toBeNull();
  });

  it('lies where the operator says', () => {
    const parts = partsOf(made({ configDrive: true }, { configDrivePath: '/srv/nova/' }));

    expect(Object.keys(filesIn(lastOf(parts)))).toEqual(['/srv/nova/openstack/latest/meta_data.json']);
  });

  it('gives way to user data that nothing can be added to', () => {
    const userData = base64('{"ignition": {}}');

    expect(made({ userData, configDrive: true })).toBe(userData);
  });
});

describe('Windows guests', () => {
  const image = { ...aRequest().image, properties: { os_type: 'windows' } };
  const userData = base64('<powershell>hi</powershell>');

  it('get their user data unchanged, whether image or AMI says what they are', () => {
    expect(made({ userData, image, configDrive: true })).toBe(userData);
    expect(made({ userData, configDrive: true }, {}, true)).toBe(userData);
  });

  it('cannot be given files, and the user is told so', () => {
    expect(() => made({ image, injectedFiles: MOTD })).toThrow(
      expect.objectContaining({ kind: 'unsupported', userMessage: expect.stringContaining('Windows') }),
    );
  });
});
