import { afterEach, describe, expect, it } from '@jest/globals';
import type { HttpStub } from './http-stub.js';
import { startIdentity, tokenOf } from './identity-stub.js';
import { CIRROS, startImages } from './image-stub.js';
import { startVolumes } from './volume-stub.js';

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

describe('the volume stub', () => {
  it('lets a volume be reserved, attached and detached, each only from the status before', async () => {
    const stub = await startVolumes();
    open.push(stub);
    const { id } = stub.add({});
    const act = async (name: string, values: object = {}) => {
      const body = JSON.stringify({ [name]: values });
      return (await fetch(`${stub.urlOf('shop')}/volumes/${id}/action`, { method: 'POST', body })).status;
    };

    expect([await act('os-begin_detaching'), await act('os-reserve'), await act('os-reserve')]).toEqual([400, 202, 400]);
    expect(await act('os-attach', { instance_uuid: 'server', mountpoint: '/dev/vdb' })).toBe(202);
    const shown = await (await fetch(`${stub.urlOf('shop')}/volumes/${id}`)).json();
    expect(shown).toMatchObject({ volume: { id, status: 'in-use', attachments: [{ server_id: 'server', device: '/dev/vdb' }] } });
    expect([await act('os-begin_detaching'), await act('os-detach')]).toEqual([202, 202]);
    expect(stub.volume(id)).toMatchObject({ status: 'available', attachments: [] });
  });

  it('makes and deletes volumes, and is in the catalogue of a token', async () => {
    const stub = await startVolumes();
    open.push(stub);
    const { url } = await started(startIdentity(() => ({ volume: stub.urlOf })));
    const headers = { 'x-subject-token': tokenOf({ user: 'demo', project: 'shop' }) };
    const { token } = (await (await fetch(`${url}/auth/tokens`, { headers })).json()) as { token: { catalog: Service[] } };
    const endpoint = token.catalog.find(({ type }) => type === 'volumev3')?.endpoints[0]?.url ?? '';

    const made = await fetch(`${endpoint}/volumes`, { method: 'POST', body: JSON.stringify({ volume: { size: 2 } }) });
    const { volume } = (await made.json()) as { volume: { id: string } };
    expect(stub.volume(volume.id)).toMatchObject({ status: 'available', size: 2 });
    await fetch(`${endpoint}/volumes/${volume.id}`, { method: 'DELETE' });

    expect((await fetch(`${endpoint}/volumes/${volume.id}`)).status).toBe(404);
  });
});

interface Service {
  type: string;
  endpoints: { url: string }[];
}

async function started(starting: Promise<HttpStub>): Promise<HttpStub> {
  const stub = await starting;
  open.push(stub);
  return stub;
}
