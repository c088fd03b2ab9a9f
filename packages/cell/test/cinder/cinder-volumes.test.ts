import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openVolumes } from '../../src/cinder/open-volumes.js';
import type { CellConfig } from '../../src/config/cell-config.js';
import type { VolumeCaller, Volumes } from '../../src/volumes.js';
import type { HttpStub } from '../parent/http-stub.js';
import { startIdentity } from '../parent/identity-stub.js';
import { startVolumes, type VolumeStub } from '../parent/volume-stub.js';
import { cinderConfig } from '../support/no-cinder.js';

const INSTANCE = '11111111-1111-4111-8111-111111111111';

describe('volumes of a cinder', () => {
  let stub: VolumeStub;
  let keystone: HttpStub;
  beforeEach(async () => {
    stub = await startVolumes();
    keystone = await startIdentity(() => ({}));
  });
  afterEach(async () => {
    await stub.close();
    await keystone.close();
  });

  const opened = (options: Partial<CellConfig['cinder']> = {}): Volumes => openVolumes({ ...cinderConfig(), ...options });
  const caller = (overrides: Partial<VolumeCaller> = {}): VolumeCaller => ({
    token: 'token',
    projectId: 'shop',
    endpoints: [{ type: 'volumev3', name: 'cinderv3', region: 'RegionOne', urls: { publicURL: stub.urlOf('shop') } }],
    signal: AbortSignal.timeout(20_000),
    ...overrides,
  });
  const serviceUser = () => ({
    ...{ authUrl: keystone.url, username: 'cell', password: 'secret', projectName: 'service' },
    ...{ userDomainName: 'Default', projectDomainName: 'Default' },
  });
  const used = (volumeId: string) => ({ volumeId, instanceUuid: INSTANCE });

  describe('is which of the cloud', () => {
    it("by the operator's map before anything else", async () => {
      const { id } = stub.add({ metadata: { ebs_volume_id: 'vol-1' } });

      const volumes = opened({ volumeMap: { [id]: 'vol-2' }, providerIdProperty: 'ebs_volume_id' });

      expect(await volumes.providerVolumeId(id, caller())).toBe('vol-2');
    });

    it('by its metadata, where an operator says which key', async () => {
      const { id } = stub.add({ metadata: { ebs_volume_id: 'vol-1' } });

      expect(await opened({ providerIdProperty: 'ebs_volume_id' }).providerVolumeId(id, caller())).toBe('vol-1');
      await expect(opened().providerVolumeId(id, caller())).rejects.toMatchObject({ kind: 'invalid', code: 400 });
    });

    it('by its own id where there is no cinder', async () => {
      expect(await opened().providerVolumeId('vol-1', caller({ endpoints: [] }))).toBe('vol-1');
    });
  });

  it('is reserved, attached, detached and free again, each once however often it is said', async () => {
    const volumes = opened();
    const { id } = stub.add({});
    const twice = async (call: () => Promise<void>) => {
      await call();
      await call();
    };

    await volumes.checkFree(used(id), caller());
    await twice(() => volumes.reserve(used(id), caller()));
    await twice(() => volumes.attached({ ...used(id), deviceName: '/dev/sdf' }, caller()));
    expect(stub.volume(id)).toMatchObject({ status: 'in-use', attachments: [{ server_id: INSTANCE, device: '/dev/sdf' }] });
    await twice(() => volumes.beginDetaching(used(id), caller()));
    await twice(() => volumes.free(used(id), caller()));

    expect(stub.volume(id)).toMatchObject({ status: 'available', attachments: [] });
    expect(stub.actions.map((action) => action.split(' ')[0])).toEqual([
      ...['os-reserve', 'os-attach', 'os-begin_detaching', 'os-detach'],
    ]);
  });

  it('goes back to available when the attach came to nothing, and to in-use when the detach did', async () => {
    const volumes = opened();
    const [reserved, attached] = [stub.add({}), stub.add({})];
    await volumes.reserve(used(reserved.id), caller());
    await volumes.free(used(reserved.id), caller());
    await volumes.attached({ ...used(attached.id), deviceName: '/dev/sdf' }, caller());
    await volumes.beginDetaching(used(attached.id), caller());
    await volumes.rollDetaching(used(attached.id), caller());

    expect([reserved.status, attached.status]).toEqual(['available', 'in-use']);
  });

  it("is refused while it is another instance's, and left alone", async () => {
    const other = { server_id: 'another', attachment_id: 'a', device: '/dev/vdb', volume_id: 'v' };
    const { id } = stub.add({ status: 'in-use', attachments: [other] });
    const volumes = opened();

    await expect(volumes.checkFree(used(id), caller())).rejects.toThrow('The volume is in-use; it must be available.');
    await expect(volumes.reserve(used(id), caller())).rejects.toThrow('The volume is in-use; it must be available.');
    await volumes.beginDetaching(used(id), caller());
    await volumes.free(used(id), caller());

    expect(stub.actions).toEqual([]);
  });

  it('that is gone is free, and cannot be reserved', async () => {
    await opened().free(used('gone'), caller());

    await expect(opened().reserve(used('gone'), caller())).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('is deleted once it is free; one that is gone, or that no cinder knows, is no error', async () => {
    const volumes = opened();
    const [free, held] = [stub.add({}), stub.add({ status: 'detaching' })];

    await volumes.remove(used(free.id), caller());
    await volumes.remove(used(free.id), caller());
    await volumes.remove(used(held.id), caller({ endpoints: [] }));

    await expect(volumes.remove(used(held.id), caller())).rejects.toMatchObject({ kind: 'unavailable' });
    expect([stub.volume(free.id), stub.volume(held.id)?.status]).toEqual([undefined, 'detaching']);
  });

  it("is deleted by the cell's own user when the request's token has run out", async () => {
    const { id } = stub.add({});

    await opened({ user: serviceUser() }).remove(used(id), caller({ token: null }));

    expect(stub.volume(id)).toBeUndefined();
  });

  it('is made once for a device, however often it is asked for, as the user and in the zone where there is one', async () => {
    const volumes = opened();
    const wish = { instanceUuid: INSTANCE, device: 'disk1', snapshotId: 'snap', imageId: null, sizeGb: null, zone: 'zone-b' };
    stub.add({ name: `${INSTANCE}-disk1`, metadata: { burstcell_instance: 'another' } });

    const id = await volumes.make(wish, caller());

    expect(await volumes.make(wish, caller())).toBe(id);
    expect(stub.volume(id)).toMatchObject({ snapshot_id: 'snap', availability_zone: 'zone-b' });
    expect(await volumes.findMade(wish, caller())).toBe(id);
    expect(await volumes.findMade({ ...wish, device: 'disk2' }, caller())).toBeNull();
    const elsewhere = await volumes.make({ ...wish, device: 'disk2', zone: 'not-a-zone-of-cinder' }, caller());
    expect(stub.volume(elsewhere)?.availability_zone).toBeUndefined();
  });

  it('is ready once it is made, and says so when it came to nothing', async () => {
    const [making, broken] = [stub.add({ status: 'creating' }), stub.add({ status: 'error' })];

    expect(await opened().isMade(making.id, caller())).toBe(false);
    making.status = 'available';
    expect(await opened().isMade(making.id, caller())).toBe(true);
    for (const id of [broken.id, 'gone']) {
      await expect(opened().isMade(id, caller())).rejects.toMatchObject({ name: 'Failure', kind: 'unavailable' });
    }
  });

  it.each([
    [400, { badRequest: { message: 'Invalid snapshot: it is deleting' } }, 'invalid', /makes no volume: Invalid snapshot/],
    [413, { overLimit: { message: 'VolumeSizeExceedsAvailableQuota: 10G' } }, 'quota', /VolumeSizeExceedsAvailableQuota/],
    [401, {}, 'unauthorized', /token ran out/],
    [413, { overLimit: { message: 'This request was rate-limited.' } }, 'unavailable', /cinder answered 413/],
  ])('is not made where cinder answers %i, and the user reads why', async (status, body, kind, message) => {
    const wish = { instanceUuid: INSTANCE, device: 'disk1', snapshotId: 's', imageId: null, sizeGb: null, zone: null };
    stub.instead(({ method }) => (method === 'POST' ? { status, body } : undefined));

    const made = opened({ user: serviceUser() }).make(wish, caller());

    await expect(made).rejects.toMatchObject({ kind, message: expect.stringMatching(message) });
  });

  it("is asked about by the cell's own user when the request's token has run out, in that user's project", async () => {
    const { id } = stub.add({});
    const seen: string[] = [];
    const refusal = (request: { path: string; headers: Readonly<Record<string, unknown>> }) => {
      seen.push(`${request.path.split('/')[2]} ${String(request.headers['x-auth-token']).slice(0, 4)}`);
      return request.headers['x-auth-token'] === 'token' ? { status: 401 } : undefined;
    };
    stub.instead(refusal);

    await opened({ user: serviceUser() }).reserve(used(id), caller());

    expect(stub.volume(id)?.status).toBe('attaching');
    expect(seen).toEqual(['shop toke']);
    expect(await lastProject(stub, () => opened({ user: serviceUser() }).checkFree(used(id), caller({ token: null })))).toBe(
      'service',
    );
  });

  it('says unauthorized where neither is let in, and unavailable where cinder does not answer', async () => {
    const { id } = stub.add({});
    stub.instead(() => ({ status: 401 }));
    await expect(opened().checkFree(used(id), caller())).rejects.toMatchObject({ kind: 'unauthorized' });

    stub.instead(() => ({ status: 503 }));
    await expect(opened().checkFree(used(id), caller())).rejects.toMatchObject({ kind: 'unavailable' });
    await stub.close();
    await expect(opened().checkFree(used(id), caller())).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('is found by endpoint_template where requests carry no catalogue', async () => {
    const { id } = stub.add({});
    const volumes = opened({ endpointTemplate: `${stub.url}/v3/%(project_id)s` });

    await volumes.reserve(used(id), caller({ endpoints: [] }));

    expect(stub.volume(id)?.status).toBe('attaching');
  });
});

/** The project in the URL of the first request that this makes. */
async function lastProject(stub: VolumeStub, call: () => Promise<void>): Promise<string | undefined> {
  let project: string | undefined;
  stub.instead((request) => {
    project ??= request.path.split('/')[2];
    return undefined;
  });
  await call().catch(() => undefined);
  return project;
}
