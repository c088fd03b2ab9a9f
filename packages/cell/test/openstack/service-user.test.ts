import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ServiceUser } from '../../src/openstack/service-user.js';
import { KeystoneStub } from './keystone-stub.js';

const { signal } = new AbortController();

let keystone: KeystoneStub;

beforeEach(async () => {
  keystone = await new KeystoneStub().start();
});
afterEach(() => keystone.close());

describe('the cell’s own user', () => {
  it.each(['v3', 'v2.0', ''] as const)('gets a token at %p', async (version) => {
    expect(await new ServiceUser(keystone.user(version)).token(signal)).toMatchObject({
      id: 'tok-cell-1',
      projectId: 'p-service',
    });
  });

  it('keeps it until shortly before it expires', async () => {
    keystone.expiresAt = '2030-01-01T01:00:00Z';
    let now = Date.parse('2030-01-01T00:00:00Z');
    const user = new ServiceUser(keystone.user('v3'), () => now);

    expect([(await user.token(signal)).id, (await user.token(signal)).id]).toEqual(['tok-cell-1', 'tok-cell-1']);
    now = Date.parse('2030-01-01T00:59:30Z');
    expect((await user.token(signal)).id).toBe('tok-cell-2');
  });

  it('is unauthorized with a wrong password, which no error shows', async () => {
    const user = new ServiceUser({ ...keystone.user('v3'), password: 'wrong-one' });

    const error = await user.token(signal).catch((thrown: Error) => thrown);

    expect(error).toMatchObject({ kind: 'unauthorized' });
    expect(JSON.stringify(error)).not.toContain('wrong-one');
  });

  it('is to be tried again while keystone is away', async () => {
    keystone.next = 503;
    await expect(new ServiceUser(keystone.user('v3')).token(signal)).rejects.toMatchObject({ kind: 'unavailable' });

    const nowhere = { ...keystone.user('v3'), authUrl: 'http://127.0.0.1:1/v3' };
    await expect(new ServiceUser(nowhere).token(signal)).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
