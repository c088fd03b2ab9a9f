import { afterEach, describe, expect, it } from '@jest/globals';
import type { HttpStub } from './http-stub.js';
import { startIdentity, tokenOf } from './identity-stub.js';
import { CIRROS, startImages } from './image-stub.js';

const open: HttpStub[] = [];

afterEach(async () => {
  for (const stub of open.splice(0)) await stub.close();
});

describe('the identity stub', () => {
  const catalog = { compute: 'http://compute/v2.1', image: 'http://image' };

  it('gives a token to whoever asks, and says whose it is when it comes back', async () => {
    const { url } = await started(startIdentity(() => catalog));
    const auth = {
      identity: { methods: ['password'], password: { user: { name: 'demo' } } },
      scope: { project: { name: 'shop' } },
    };

    const issued = await fetch(`${url}/auth/tokens`, { method: 'POST', body: JSON.stringify({ auth }) });
    const token = issued.headers.get('x-subject-token') ?? '';
    const validated = await fetch(`${url}/auth/tokens`, { headers: { 'x-subject-token': token } });

    expect(issued.status).toBe(201);
    expect(await validated.json()).toMatchObject({
      token: { user: { id: 'demo' }, project: { id: 'shop' }, roles: [{ name: 'member' }] },
    });
  });

  it('makes only "admin" an administrator', async () => {
    const { url } = await started(startIdentity(() => catalog));
    const headers = { 'x-subject-token': tokenOf({ user: 'admin', project: 'shop' }) };

    const { token } = (await (await fetch(`${url}/auth/tokens`, { headers })).json()) as { token: { roles: { name: string }[] } };

    expect(token.roles.map(({ name }) => name)).toEqual(['admin', 'member']);
  });

  it('knows no token that it has not given', async () => {
    const { url } = await started(startIdentity(() => catalog));

    const answer = await fetch(`${url}/auth/tokens`, { headers: { 'x-subject-token': 'stranger' } });

    expect(answer.status).toBe(404);
  });
});

describe('the image stub', () => {
  it('finds an image by its name', async () => {
    const { url } = await started(startImages());

    const { images } = (await (await fetch(`${url}/v2/images?name=cirros`)).json()) as { images: { id: string }[] };

    expect(images.map(({ id }) => id)).toEqual([CIRROS]);
  });

  it('takes a snapshot: create, upload, set a property, delete', async () => {
    const { url } = await started(startImages());

    const created = await fetch(`${url}/v2/images`, { method: 'POST', body: JSON.stringify({ name: 'snap' }) });
    const { id } = (await created.json()) as { id: string };
    await fetch(`${url}/v2/images/${id}/file`, { method: 'PUT', body: 'data' });
    const steps = [{ op: 'add', path: '/ec2_ami', value: 'ami-1' }];
    await fetch(`${url}/v2/images/${id}`, { method: 'PATCH', body: JSON.stringify(steps) });
    const shown = await (await fetch(`${url}/v2/images/${id}`)).json();
    await fetch(`${url}/v2/images/${id}`, { method: 'DELETE' });

    expect(shown).toMatchObject({ name: 'snap', status: 'active', size: 4, ec2_ami: 'ami-1' });
    expect((await fetch(`${url}/v2/images/${id}`)).status).toBe(404);
  });
});

async function started(starting: Promise<HttpStub>): Promise<HttpStub> {
  const stub = await starting;
  open.push(stub);
  return stub;
}
