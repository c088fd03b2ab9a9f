import type { Write } from '@burstcell/store';
import { dialectOf, type JsonObject, type Release } from '@burstcell/wire';
import { describe, expect, it } from '@jest/globals';
import { handlers } from '../../src/fronts/cells-v1/handlers/index.js';
import { CAPTURED, capturedBuilds } from './captured.js';
import { anIncoming, someTools } from './tools.js';

type Inserted = Extract<Write, { write: 'insert-instance' }>;

async function outcomeOf(methodName: string, args: JsonObject, release: Release) {
  const outcome = await handlers.get(methodName)?.handle(anIncoming(methodName, args), someTools(release));
  if (outcome === undefined || outcome === 'nothing' || !('submit' in outcome)) throw new Error('nothing was submitted');
  const writes = outcome.submit.writes ?? [];
  return {
    intents: outcome.submit.intents,
    writes,
    rows: writes.filter((write): write is Inserted => write.write === 'insert-instance'),
    reported: writes.flatMap((write) => (write.write === 'report' ? [write.uuid] : [])),
  };
}

/** A captured build as a release without captures sends it. */
function asRelease(kwargs: JsonObject, change: (text: string) => string): JsonObject {
  return JSON.parse(change(JSON.stringify(kwargs))) as JsonObject;
}

describe.each(CAPTURED)('a build of a real %s parent', (release) => {
  it('becomes a complete row and an operation for each server', async () => {
    for (const { message } of capturedBuilds(release)) {
      const { intents, rows } = await outcomeOf(message.methodName, message.methodKwargs, release);

      expect(rows.length).toBeGreaterThan(0);
      expect(intents.map(({ uuid }) => uuid)).toEqual(rows.map(({ uuid }) => uuid));
      for (const row of rows) {
        expect(row.columns).toMatchObject({
          vm_state: 'building',
          task_state: 'scheduling',
          project_id: expect.stringMatching(/./),
          user_id: expect.stringMatching(/./),
          display_name: expect.stringMatching(/./),
          hostname: expect.stringMatching(/./),
          memory_mb: expect.any(Number),
          vcpus: expect.any(Number),
          instance_type_id: expect.any(Number),
        });
        expect(row.flavor).toMatchObject({ flavorid: expect.any(String), memory_mb: expect.any(Number), id: expect.any(Number) });
        expect(row.blockDevices).toContainEqual(
          expect.objectContaining({ source_type: 'image', boot_index: 0, delete_on_termination: true }),
        );
      }
    }
  });

  it('gives several servers of one request names and positions of their own', async () => {
    const several = capturedBuilds(release).find(({ verb }) => verb === 'boot-3');
    if (several === undefined) throw new Error(`no boot of three servers was recorded for ${release}`);

    const { rows } = await outcomeOf(several.message.methodName, several.message.methodKwargs, release);

    expect(rows).toHaveLength(3);
    expect(new Set(rows.map(({ columns }) => columns.display_name)).size).toBe(3);
    expect(rows.map(({ columns }) => columns.launch_index)).toEqual([0, 1, 2]);
  });

  it('is reported at once only where a delete before the first report leaks quota', async () => {
    const leaks = ['havana', 'icehouse', 'juno', 'kilo', 'liberty', 'mitaka'].includes(release);
    const [build] = capturedBuilds(release);
    if (build === undefined) throw new Error('no build');

    const { rows, reported } = await outcomeOf(build.message.methodName, build.message.methodKwargs, release);

    expect(reported).toEqual(leaks ? rows.map(({ uuid }) => uuid) : []);
  });
});

describe('a build of a release that was not recorded', () => {
  it('is read in Icehouse’s form: dicts without a NUMA topology', async () => {
    const [juno] = capturedBuilds('juno');
    const kwargs = asRelease(juno?.message.methodKwargs ?? {}, (text) => text.replaceAll('"numa_topology":null,', ''));

    const { rows, reported } = await outcomeOf('build_instances', kwargs, 'icehouse');

    expect(rows[0]?.systemMetadata).toMatchObject({ instance_type_flavorid: '1', image_base_image_ref: expect.any(String) });
    expect(reported).toHaveLength(rows.length);
  });

  it('is read in Kilo’s form: Instance 1.19 and the flavor beside it', async () => {
    const [liberty] = capturedBuilds('liberty');
    const kwargs = asRelease(liberty?.message.methodKwargs ?? {}, (text) =>
      text.replaceAll('"nova_object.version":"2.0"', '"nova_object.version":"1.19"'),
    );

    const { rows } = await outcomeOf('build_instances', kwargs, 'kilo');

    expect(rows[0]?.flavor).toMatchObject({ flavorid: expect.any(String), memory_mb: expect.any(Number) });
  });
});

describe('a Grizzly build', () => {
  const [build] = capturedBuilds('grizzly');
  const sched = build?.message.methodKwargs.host_sched_kwargs as JsonObject;
  const spec = sched.request_spec as JsonObject;
  const withSpec = (more: JsonObject, properties: JsonObject = {}) => ({
    host_sched_kwargs: {
      ...sched,
      request_spec: {
        ...spec,
        ...more,
        instance_properties: { ...(spec.instance_properties as JsonObject), ...properties },
      },
    },
  });

  it('takes networks as tuples, groups by name, and the key with the message', async () => {
    const args = withSpec({ security_group: ['web'] }, { key_name: 'ops', key_data: 'ssh-rsa AAAA' });
    const kwargs = args.host_sched_kwargs as JsonObject;

    const { intents, rows } = await outcomeOf(
      'schedule_run_instance',
      {
        host_sched_kwargs: {
          ...kwargs,
          requested_networks: [
            ['net-1', '10.0.0.9', null],
            ['net-2', null],
          ],
        },
      },
      'grizzly',
    );

    expect(intents[0]?.parameters).toMatchObject({
      securityGroups: ['web'],
      networks: [
        { networkId: 'net-1', fixedIp: '10.0.0.9', portId: null },
        { networkId: 'net-2', fixedIp: null, portId: null },
      ],
    });
    expect(rows[0]?.columns).toMatchObject({ key_name: 'ops', key_data: 'ssh-rsa AAAA' });
  });

  it('names several servers as the parent has named its own rows', async () => {
    const several = capturedBuilds('grizzly').find(({ verb }) => verb === 'boot-3');

    const { rows, intents } = await outcomeOf('schedule_run_instance', several?.message.methodKwargs ?? {}, 'grizzly');

    expect(rows.map(({ uuid, columns }) => [columns.display_name, uuid])).toEqual(
      rows.map(({ uuid }) => [`cap-three-${uuid}`, uuid]),
    );
    expect(intents[0]?.parameters.reportHints).toEqual({});
  });

  it('boots from a volume when it names no image, with the devices in EC2’s form', async () => {
    const devices = [
      { device_name: 'vda', volume_id: 'vol-1', snapshot_id: null, volume_size: null, delete_on_termination: 1 },
      { device_name: 'vdb', volume_id: null, snapshot_id: 'snap-1', volume_size: 5, delete_on_termination: false },
      { device_name: 'vdc', virtual_name: 'swap', volume_id: null, snapshot_id: null, volume_size: 1 },
      { device_name: 'vdd', virtual_name: 'ami' },
    ];

    const { rows } = await outcomeOf(
      'schedule_run_instance',
      withSpec({ image: {}, block_device_mapping: devices }, { root_device_name: '/dev/vda' }),
      'grizzly',
    );

    expect(rows[0]?.blockDevices).toEqual([
      expect.objectContaining({
        source_type: 'volume',
        destination_type: 'volume',
        volume_id: 'vol-1',
        boot_index: 0,
        delete_on_termination: true,
      }),
      expect.objectContaining({ source_type: 'snapshot', destination_type: 'volume', snapshot_id: 'snap-1', volume_size: 5 }),
      expect.objectContaining({ source_type: 'blank', destination_type: 'local', guest_format: 'swap', boot_index: -1 }),
    ]);
  });

  it('that cannot be read ends its servers in ERROR with the reason, and starts nothing', async () => {
    const uuids = spec.instance_uuids as string[];

    const { intents, rows, writes } = await outcomeOf(
      'schedule_run_instance',
      { host_sched_kwargs: { request_spec: { instance_uuids: uuids } } },
      'grizzly',
    );

    expect(intents).toEqual([]);
    expect(rows.map(({ uuid, columns }) => [uuid, columns.vm_state])).toEqual(uuids.map((uuid) => [uuid, 'error']));
    expect(writes).toContainEqual(
      expect.objectContaining({ write: 'add-fault', message: expect.stringContaining('instance_properties') }),
    );
  });

  it('is what its dialect says it is', () => {
    expect(dialectOf('grizzly').buildMethod).toBe(build?.message.methodName);
  });
});
