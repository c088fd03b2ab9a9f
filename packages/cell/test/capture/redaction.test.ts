import { isJsonObject, openEnvelope, parseJson } from '@burstcell/wire';
import { describe, expect, it } from '@jest/globals';
import { interCellIn } from '../../src/cli/capture/recording.js';
import { redact } from '../../src/cli/capture/redaction.js';
import { RECORDED_RELEASES, recordingOf } from '../captured/recordings.js';

const redactedJson = (value: unknown) => {
  const { body } = redact(Buffer.from(JSON.stringify(value)));
  if (body === null) throw new Error('it was not read');
  return JSON.parse(body) as unknown;
};

describe('a recorded body', () => {
  it('has no tokens, passwords, keys and user data, at whatever depth of JSON in JSON', () => {
    const secrets = {
      auth_token: 'gAAA',
      admin_password: 'hunter2',
      new_pass: 'hunter3',
      user_data: 'IyEvYmluL3No',
      key_data: 'ssh-rsa AAAA',
    };
    const message = { ctxt: { ...secrets }, method_kwargs: { instance: { 'nova_object.data': secrets } } };
    const rpc = { _context_auth_token: 'gAAA', args: { message: JSON.stringify(message) } };
    const responses = [
      JSON.stringify({ value: { private_key: 'BEGIN RSA', access_url: 'http://c/vnc.html?token=abc-def&x=1' } }),
    ];

    const text = JSON.stringify(redactedJson({ 'oslo.message': JSON.stringify({ ...rpc, responses }) }));

    expect(text).not.toMatch(/gAAA|hunter|IyEv|AAAA|BEGIN RSA|abc-def/);
    expect(text).toContain('&x=1');
  });

  it('keeps the type of what was hidden, so that it can be sent again', () => {
    const hidden = redactedJson({
      user_data: 'IyEvYmluL3No',
      service_catalog: [{ type: 'image' }],
      auth_token_info: { a: 1 },
      password: null,
      auth_token: '',
    });

    expect(hidden).toEqual({ user_data: 'Kioq', service_catalog: [], auth_token_info: {}, password: null, auth_token: '' });
  });

  it('has none of what the compute API takes by position', () => {
    const info = { method: 'set_admin_password', method_args: ['uuid', 'hunter2'], method_kwargs: { password: 'hunter2' } };

    expect(redactedJson({ method_info: info })).toEqual({
      method_info: { method: 'set_admin_password', method_args: ['uuid', '***'], method_kwargs: { password: '***' } },
    });
  });

  it('has the names of injected files and not their contents, and rows of metadata without those that name a secret', () => {
    const hidden = redactedJson({
      injected_files: [['/etc/motd', 'aGVsbG8=']],
      metadata: [
        { key: 'db_password', value: 'hunter2' },
        { key: 'role', value: 'web' },
      ],
      system_metadata: { password_0: 'hunter2', image_os: 'linux' },
    });

    expect(hidden).toEqual({
      injected_files: [['/etc/motd', 'Kioq']],
      metadata: [
        { key: 'db_password', value: '***' },
        { key: 'role', value: 'web' },
      ],
      system_metadata: { password_0: '***', image_os: 'linux' },
    });
  });

  it('is left out where it cannot be read, for nobody can say what is in it', () => {
    expect(redact(Buffer.from('{"oslo.message": "{\\"auth_token\\": \\"gAAA'))).toMatchObject({
      body: null,
      unreadable: expect.any(String),
    });
  });

  it('loses no number on the way', () => {
    const { body } = redact(Buffer.from('{"auth_token":"gAAA","id":123456789012345678901234567890,"load":NaN}'));

    expect(body).toBe('{"auth_token":"***","id":123456789012345678901234567890,"load":NaN}');
  });

  it.each(RECORDED_RELEASES)('comes out byte for byte where there is nothing (more) to hide: %s', (release) => {
    for (const { body } of recordingOf(release).messages) {
      const once = redact(Buffer.from(body ?? ''));
      expect(once.body).toBe(body);
    }
  });

  it.each(RECORDED_RELEASES)('is still a message that a cell reads: %s', (release) => {
    for (const recorded of recordingOf(release).messages) {
      const { body } = redact(Buffer.from(recorded.body ?? ''));
      const { rpc } = openEnvelope(Buffer.from(body ?? ''));
      const args = isJsonObject(rpc.args) ? rpc.args : {};
      expect(parseJson(String(args.message))).toBeDefined();
      expect(interCellIn({ body })).not.toBeNull();
    }
  });
});
