import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { GlanceConfig } from '../../src/config/cell-config.js';
import type { ImageCaller, ImageService } from '../../src/images/image-service.js';
import { openImageService } from '../../src/images/open-image-service.js';
import { KeystoneStub } from '../openstack/keystone-stub.js';
import { GlanceStub } from './glance-stub.js';

const ID = '00000000-0000-4000-8000-000000000001';
const CONTENT = { properties: { ec2_ami: 'ami-1' }, providerImageId: 'ami-1@210987654321', minDiskGb: 8 };

let glance: GlanceStub;
let keystone: KeystoneStub;

beforeEach(async () => {
  glance = await new GlanceStub().start();
  keystone = await new KeystoneStub().start();
});
afterEach(() => Promise.all([glance.close(), keystone.close()]));

const as = (token: string | null): ImageCaller => ({ token, signal: new AbortController().signal });

function service(more: Partial<GlanceConfig> = {}): ImageService {
  const opened = openImageService({ apiServers: [glance.url], apiVersion: 2, locationUrl: null, user: null, ...more });
  if (opened === null) throw new Error('no image service');
  return opened;
}

async function textOf(data: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of data) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

const withUser = () => service({ user: keystone.user('v3') });

describe.each([1, 2] as const)('glance v%d', (apiVersion) => {
  const open = () => service({ apiVersion });

  it('is given properties, formats and data, and what it had stays', async () => {
    glance.queue(ID, { disk_format: 'qcow2' });

    expect(await open().fill(ID, CONTENT, as('tok'))).toBe('filled');

    const record = glance.records.get(ID);
    expect(record).toMatchObject({
      status: 'active',
      ec2_ami: 'ami-1',
      disk_format: 'qcow2',
      container_format: 'bare',
      kept: 'yes',
    });
    expect(Number(record?.min_disk)).toBe(8);
    expect(glance.uploads).toHaveLength(1);
  });

  it('takes the same again without a second upload', async () => {
    glance.queue(ID);

    await open().fill(ID, CONTENT, as('tok'));

    expect(await open().fill(ID, CONTENT, as('tok'))).toBe('filled');
    expect(glance.uploads).toHaveLength(1);
  });

  it.each(['deleted', 'pending_delete', 'killed'])('takes a record that is %s for gone', async (status) => {
    glance.queue(ID, { status });

    expect(await open().fill(ID, CONTENT, as('tok'))).toBe('gone');
  });

  it('takes an unknown record for gone, and for deleted', async () => {
    expect(await open().fill(ID, CONTENT, as('tok'))).toBe('gone');
    await expect(open().remove(ID, as('tok'))).resolves.toBeUndefined();
  });

  it('deletes a record', async () => {
    glance.queue(ID);

    await open().remove(ID, as('tok'));

    expect(glance.records.size).toBe(0);
  });

  it('tells an image’s data and hands it over, as the cell', async () => {
    const facts = { checksum: 'c', disk_format: 'raw', size: 6, data: 'disk' };
    glance.queue(ID, { ...facts, status: 'active' });
    glance.tokens = ['tok-cell-1'];
    const { signal } = new AbortController();

    const source = await service({ apiVersion, user: keystone.user('v3') }).source(ID, signal);

    expect(source).toMatchObject({ checksum: 'c', format: 'raw', sizeBytes: 6 });
    for (const _time of [1, 2]) expect(await textOf(await source.read(signal))).toBe('"disk"');
  });

  it('tells what a record says, and no URL that may hold a secret', async () => {
    const own = apiVersion === 1 ? { 'property-ec2_ami': 'ami-1' } : { ec2_ami: 'ami-1', direct_url: 'swift://u:p@s' };
    glance.queue(ID, { name: 'debian', ...own });

    expect(await open().find(ID, as('tok'))).toEqual({
      name: 'debian',
      properties: { ec2_ami: 'ami-1', ...(apiVersion === 1 ? {} : { kept: 'yes' }) },
    });
    expect(await open().find('other', as('tok'))).toBeNull();
  });

  it('finds the records of a name', async () => {
    glance.queue(ID, { name: 'debian 12' });
    glance.queue('other', { name: 'debian' });

    expect(await open().named('debian 12', as('tok'))).toEqual([ID]);
    expect(await open().named('none', as('tok'))).toEqual([]);
  });

  it('tells a caller that stands alone nothing that only the cell may see', async () => {
    glance.queue(ID, { name: 'debian' });
    glance.tokens = ['tok-cell-1'];
    const images = service({ apiVersion, user: keystone.user('v3') });

    for (const token of ['spent', null]) {
      await expect(images.find(ID, { ...as(token), alone: true })).rejects.toMatchObject({ kind: 'unauthorized' });
    }
    expect(await images.find(ID, as('spent'))).toMatchObject({ name: 'debian' });
  });

  it('has no data of a record that is queued or gone', async () => {
    glance.queue(ID);
    const { signal } = new AbortController();

    await expect(open().source(ID, signal)).rejects.toMatchObject({ kind: 'not-found' });
    await expect(open().source('other', signal)).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('waits for an upload of somebody else to end', async () => {
    glance.queue(ID, { status: 'saving' });

    await expect(open().fill(ID, CONTENT, as('tok'))).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

describe('the location of an image', () => {
  const located = () => service({ locationUrl: 'https://images.example.com/{image}' });

  it('takes the place of data where glance admits locations', async () => {
    glance.queue(ID);
    glance.locations = 'taken';

    expect(await located().fill(ID, CONTENT, as('tok'))).toBe('filled');
    expect(await located().fill(ID, CONTENT, as('tok'))).toBe('filled');

    const url = 'https://images.example.com/ami-1%40210987654321';
    expect(glance.records.get(ID)).toMatchObject({ status: 'active', ec2_ami: 'ami-1', locations: [{ url, metadata: {} }] });
    expect(glance.uploads).toEqual([]);
  });

  it.each([403, 400, 409])('gives way to data where glance refuses it with %d', async (status) => {
    glance.queue(ID);
    glance.locations = status;

    expect(await located().fill(ID, CONTENT, as('tok'))).toBe('filled');

    expect(glance.records.get(ID)).toMatchObject({ status: 'active' });
    expect(glance.uploads).toHaveLength(1);
  });

  it('is tried again where glance is away', async () => {
    glance.queue(ID);
    glance.locations = 503;

    await expect(located().fill(ID, CONTENT, as('tok'))).rejects.toMatchObject({ kind: 'unavailable' });
    expect(glance.uploads).toEqual([]);
  });

  it('is not told of where none is configured', async () => {
    glance.queue(ID);
    glance.locations = 'taken';

    await service().fill(ID, CONTENT, as('tok'));

    expect(glance.uploads).toHaveLength(1);
  });
});

describe('what glance answers', () => {
  it.each([
    [500, 'unavailable'],
    [503, 'unavailable'],
    [429, 'unavailable'],
    [403, 'unauthorized'],
    [401, 'unauthorized'],
    [400, 'invalid'],
    [302, 'invalid'],
  ])('%d is %s', async (status, kind) => {
    glance.next.push(status);

    await expect(service().fill(ID, CONTENT, as('tok'))).rejects.toMatchObject({ kind });
  });

  it('may come from the next server when the first is down', async () => {
    glance.queue(ID);
    const apiServers = ['http://127.0.0.1:1', glance.url];

    expect(await service({ apiServers }).fill(ID, CONTENT, as('tok'))).toBe('filled');
  });

  it('is not waited for when all are down', async () => {
    const down = service({ apiServers: ['http://127.0.0.1:1'] });

    await expect(down.remove(ID, as('tok'))).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

describe('whose token glance sees', () => {
  beforeEach(() => glance.queue(ID));

  it('is the user’s as long as it holds', async () => {
    glance.tokens = ['tok-user', 'tok-cell-1'];

    await withUser().remove(ID, as('tok-user'));

    expect(glance.seen).toEqual(['tok-user']);
    expect(keystone.issued).toBe(0);
  });

  it('is the cell’s own once the user’s has run out, and that is kept', async () => {
    glance.tokens = ['tok-cell-1'];
    const images = withUser();

    expect(await images.fill(ID, CONTENT, as('tok-user'))).toBe('filled');
    await images.remove(ID, as(null));

    expect(keystone.issued).toBe(1);
    expect(glance.seen.at(-1)).toBe('tok-cell-1');
  });

  it('is a new one of the cell’s when the kept one is refused', async () => {
    glance.tokens = ['tok-cell-2'];

    await withUser().remove(ID, as(null));

    expect(glance.seen).toEqual(['tok-cell-1', 'tok-cell-2']);
  });

  it('is not the cell’s where the user may not: no rights are lent', async () => {
    glance.next.push(403);

    await expect(withUser().remove(ID, as('tok-user'))).rejects.toMatchObject({ kind: 'unauthorized' });
    expect(keystone.issued).toBe(0);
  });

  it('is none for a glance that asks for none', async () => {
    await service().remove(ID, as(null));

    expect(glance.seen).toEqual([null]);
  });
});

it('is absent where no server is named', () => {
  expect(openImageService({ apiServers: [], apiVersion: 2, locationUrl: null, user: null })).toBeNull();
});
