import { dialectOf, type JsonObject, type JsonValue, WireError } from '@burstcell/wire';
import { describe, expect, it } from '@jest/globals';
import { translateBuild, uuidsOfBuild } from '../../src/fronts/cells-v1/translate/build.js';

const UUIDS = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];
const ORIGIN = { requestId: 'req-1', userId: 'u', projectId: 'p' };

function object(name: string, data: JsonObject, version = '2.4'): JsonValue {
  return { 'nova_object.name': name, 'nova_object.namespace': 'nova', 'nova_object.version': version, 'nova_object.data': data };
}

function kwargs(instances: readonly JsonObject[], more: JsonObject = {}): JsonObject {
  return {
    instances: instances.map((data) => object('Instance', data)),
    image: { id: 'image-1', name: 'cirros', min_disk: 1, checksum: 'c', properties: { os_distro: 'cirros' } },
    filter_properties: {
      instance_type: object(
        'Flavor',
        { id: 7, flavorid: '1', name: 'm1.tiny', memory_mb: 512, vcpus: 1, root_gb: 1, ephemeral_gb: 0 },
        '1.2',
      ),
      scheduler_hints: { market: 'spot' },
    },
    admin_password: 'secret',
    injected_files: [['/etc/motd', 'aGk=']],
    requested_networks: null,
    security_groups: ['default'],
    block_device_mapping: object('BlockDeviceMappingList', { objects: [] }, '1.17'),
    ...more,
  };
}

function anInstance(uuid: string, more: JsonObject = {}): JsonObject {
  return {
    uuid,
    display_name: 'web',
    project_id: 'p',
    memory_mb: 512,
    vcpus: 1,
    metadata: { role: 'web' },
    system_metadata: { image_x: '1' },
    ...more,
  };
}

const build = (instances: readonly JsonObject[], more?: JsonObject, release: 'rocky' | 'mitaka' = 'rocky') =>
  translateBuild(kwargs(instances, more), { dialect: dialectOf(release), cause: 'm', origin: ORIGIN });

/** A device of nova's second form. */
const device = (data: JsonObject): JsonValue => object('BlockDeviceMapping', { no_device: false, ...data }, '1.18');
const withDevices = (...devices: JsonValue[]) => ({
  block_device_mapping: object('BlockDeviceMappingList', { objects: devices }, '1.17'),
});
const IMAGE_ROOT = { source_type: 'image', destination_type: 'local', boot_index: 0, image_id: 'image-1' };

describe('the devices of a build message', () => {
  const devicesOf = (...devices: JsonValue[]) =>
    build([anInstance(UUIDS[0] ?? '')], withDevices(...devices)).intents[0]?.parameters.blockDevices;

  it('are kept for the launch where they say more than the image and the flavor', () => {
    const data = { source_type: 'volume', destination_type: 'volume', boot_index: -1, volume_id: 'v1' };

    expect(devicesOf(device(IMAGE_ROOT))).toBeUndefined();
    expect(devicesOf(device(IMAGE_ROOT), device(data))).toMatchObject([data]);
    expect(devicesOf(device(IMAGE_ROOT), device({ ...data, no_device: true }))).toBeUndefined();
  });

  it('name the image where the request does not', () => {
    const root = device({ ...IMAGE_ROOT, destination_type: 'volume', volume_size: 9, image_id: 'image-2' });
    const { intents } = build([anInstance(UUIDS[0] ?? '')], { ...withDevices(root), image: {} });

    expect(intents[0]?.parameters).toMatchObject({ image: { id: 'image-2' }, blockDevices: [{ volume_size: 9 }] });
  });
});

describe('a build message', () => {
  it('becomes a row and an operation for each instance', () => {
    const { intents, writes } = build([anInstance(UUIDS[0] ?? ''), anInstance(UUIDS[1] ?? '')]);

    expect(intents.map(({ verb, uuid }) => [verb, uuid])).toEqual(UUIDS.map((uuid) => ['build', uuid]));
    expect(writes.filter((write) => write.write === 'insert-instance')).toHaveLength(2);
    expect(intents[0]?.parameters).toMatchObject({
      schedulerHints: { market: 'spot' },
      injectedFiles: [['/etc/motd', 'aGk=']],
      zone: null,
    });
  });

  it('never carries the admin password into a row', () => {
    expect(JSON.stringify(build([anInstance(UUIDS[0] ?? '')]))).not.toContain('secret');
  });

  it('numbers the names of several servers where the parent leaves it to the child', () => {
    const { intents, writes } = build([anInstance(UUIDS[0] ?? ''), anInstance(UUIDS[1] ?? '')]);

    const inserted = writes.filter((write) => write.write === 'insert-instance');
    expect(inserted.map((write) => [write.columns.display_name, write.columns.hostname])).toEqual([
      ['web-1', 'web-1'],
      ['web-2', 'web-2'],
    ]);
    expect(intents[0]?.parameters.reportHints).toEqual({ names: true });
  });

  it('takes the names as they are where the parent has numbered them', () => {
    const { intents, writes } = build(
      [anInstance(UUIDS[0] ?? '', { display_name: 'web-1' }), anInstance(UUIDS[1] ?? '', { display_name: 'web-2' })],
      {},
      'mitaka',
    );

    const inserted = writes.filter((write) => write.write === 'insert-instance');
    expect(inserted.map((write) => write.columns.display_name)).toEqual(['web-1', 'web-2']);
    expect(intents[0]?.parameters.reportHints).toEqual({});
  });

  it('reads the networks of an object list, with clients’ word for any of them', () => {
    const networks = object(
      'NetworkRequestList',
      { objects: [object('NetworkRequest', { network_id: 'auto', address: '10.0.0.7' }, '1.2')] },
      '1.1',
    );
    const { intents } = build([anInstance(UUIDS[0] ?? '')], { requested_networks: networks });

    expect(intents[0]?.parameters.networks).toEqual([{ networkId: null, fixedIp: '10.0.0.7', portId: null }]);
  });

  it.each<[string, JsonObject, string]>([
    ['without instances', { instances: [] }, 'instances'],
    ['with a uuid that is none', { instances: [object('Instance', { uuid: 'x' })] }, 'uuid'],
    ['without a flavor', { filter_properties: {} }, 'instance_type'],
  ])('is refused %s, and says what is wrong', (_name, more, named) => {
    const attempt = () => build([anInstance(UUIDS[0] ?? '')], more);

    expect(attempt).toThrow(WireError);
    expect(attempt).toThrow(named);
  });

  it('still gives its uuids when nothing else of it can be read', () => {
    expect(uuidsOfBuild(kwargs([anInstance(UUIDS[0] ?? '')], { filter_properties: 3 }))).toEqual([UUIDS[0]]);
  });
});
