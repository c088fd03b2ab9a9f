import { describe, expect, it } from '@jest/globals';
import {
  checkCall,
  computeApiMethodsOf,
  detectRelease,
  dialectOf,
  isRelease,
  type JsonObject,
  manifest,
  methodOf,
  methodsOf,
  objectSchema,
  RELEASES,
  type Release,
  releasesFrom,
} from '../src/index.js';
import { aBroadcast, aMessage, UUID } from './builders.js';

const where = (rule: (release: Release) => boolean): Release[] => RELEASES.filter(rule);

describe('dialects', () => {
  it('name themselves', () => {
    expect(RELEASES.map((release) => dialectOf(release).release)).toEqual(RELEASES);
    expect(isRelease('rocky') && !isRelease('stein')).toBe(true);
  });

  it('change where the releases did', () => {
    expect(where((release) => dialectOf(release).envelope === 'bare')).toEqual(['grizzly']);
    expect(where((release) => dialectOf(release).namespaceNull)).toEqual(['havana']);
    expect(where((release) => dialectOf(release).instancePayload === 'object')).toEqual(releasesFrom('liberty'));
    expect(where((release) => dialectOf(release).objectsInAnswers)).toEqual(releasesFrom('kilo'));
    expect(where((release) => dialectOf(release).serverQueue)).toEqual(releasesFrom('icehouse'));
    expect(where((release) => dialectOf(release).fanoutQueueExpires)).toEqual(releasesFrom('mitaka'));
    expect(where((release) => dialectOf(release).tidiesApiDatabase)).toEqual(releasesFrom('newton'));
    expect(where((release) => dialectOf(release).multiCreateNames === 'child')).toEqual(releasesFrom('newton'));
    expect(where((release) => dialectOf(release).flavorCarrier === 'system_metadata')).toEqual(releasesFrom('grizzly', 'juno'));
    expect(where((release) => dialectOf(release).adoption === 'impossible')).toEqual(['havana']);
    expect(where((release) => dialectOf(release).bdmDestroyOnDelete)).toEqual(releasesFrom('havana', 'pike'));
    expect(where((release) => dialectOf(release).serviceList === 'empty')).toEqual(['havana']);
    expect(where((release) => dialectOf(release).migrationList === 'empty-object')).toEqual(releasesFrom('kilo', 'mitaka'));
    expect(RELEASES.map((release) => dialectOf(release).guards.length)).toEqual([0, 1, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6]);
  });

  it('have the Instance version of their manifest', () => {
    for (const release of releasesFrom('havana'))
      expect(manifest(release).get('Instance')).toBe(dialectOf(release).instanceVersion);
    expect(manifest('grizzly').size).toBe(0);
  });
});

describe('objects by release', () => {
  it('gain and lose fields', () => {
    expect(where((release) => objectSchema(release, 'Instance')?.fields.has('scheduled_at') ?? false)).toEqual(
      releasesFrom('havana', 'kilo'),
    );
    expect(where((release) => objectSchema(release, 'Instance')?.fields.has('flavor') ?? false)).toEqual(releasesFrom('kilo'));
    expect(where((release) => objectSchema(release, 'Instance')?.fields.has('trusted_certs') ?? false)).toEqual(['rocky']);
    expect(where((release) => objectSchema(release, 'Service')?.fields.has('last_seen_up') ?? false)).toEqual(
      releasesFrom('liberty'),
    );
  });

  it('are unknown where they are', () => {
    expect(objectSchema('rocky', 'toString')).toBeUndefined();
    expect(objectSchema('grizzly', 'Instance')).toBeUndefined();
  });
});

describe('the method tables', () => {
  it('have the verbs of each release', () => {
    const has = (name: string) => (release: Release) => methodsOf(release).some((spec) => spec.name === name);

    expect(where(has('schedule_run_instance'))).toEqual(releasesFrom('grizzly', 'icehouse'));
    expect(where(has('build_instances'))).toEqual(releasesFrom('havana'));
    expect(where(has('rebuild_instance'))).toEqual(releasesFrom('icehouse'));
    expect(where(has('live_migrate_instance'))).toEqual(releasesFrom('havana', 'mitaka'));
    expect(where(has('service_update'))).toEqual(releasesFrom('havana', 'kilo'));
    expect(where(has('get_keypair_at_top'))).toEqual(releasesFrom('liberty'));
    expect(where((release) => computeApiMethodsOf(release).has('stop'))).toEqual(['grizzly']);
    expect(where((release) => computeApiMethodsOf(release).has('shelve'))).toEqual(releasesFrom('havana'));
  });

  it('know an argument from the release that brought it', () => {
    const clean = (release: Release) =>
      methodOf(release, 'down', 'targeted', 'stop_instance')?.args.some(({ name }) => name === 'clean_shutdown') ?? false;

    expect(where(clean)).toEqual(releasesFrom('kilo'));
    expect(computeApiMethodsOf('havana').get('attach_volume')).toMatchObject({
      answer: true,
      positional: ['volume_id', 'device'],
    });
    expect(computeApiMethodsOf('grizzly').get('attach_volume')).toMatchObject({ answer: false });
  });
});

describe('a received call', () => {
  const check = (methodName: string, methodKwargs: JsonObject, release: Release = 'rocky') =>
    checkCall(release, aMessage({ methodName, methodKwargs }));

  it('names its instance, wherever it stands', () => {
    const object = {
      'nova_object.name': 'Instance',
      'nova_object.namespace': 'nova',
      'nova_object.version': '2.4',
      'nova_object.data': { uuid: UUID },
    };

    expect(check('start_instance', { instance: object }).instanceUuid).toBe(UUID);
    expect(check('actions_get', { instance_uuid: UUID }).instanceUuid).toBe(UUID);
    expect(
      checkCall(
        'grizzly',
        aBroadcast({ methodName: 'instance_delete_everywhere', methodKwargs: { instance: { uuid: UUID }, delete_type: 'hard' } }),
      ).instanceUuid,
    ).toBe(UUID);
    expect(check('announce_capacities', {}).instanceUuid).toBeNull();
  });

  it('of the compute API comes with its own spec, arguments and uuid', () => {
    const method_info = { method: 'get_console_output', method_args: [UUID, 50], method_kwargs: {} };

    expect(check('run_compute_api_method', { method_info })).toMatchObject({
      instanceUuid: UUID,
      computeApi: { spec: { name: 'get_console_output', answer: true }, args: [50], kwargs: {} },
    });
  });

  it.each([
    ['fly_instance', {}, 'unknown-method'],
    ['__proto__', {}, 'unknown-method'],
    ['constructor', {}, 'unknown-method'],
    ['service_get_all', { filters: {} }, 'unknown-method'],
    ['schedule_run_instance', { host_sched_kwargs: {} }, 'unknown-method'],
    ['instance_update_at_top', { instance: { uuid: UUID } }, 'unknown-method'],
    ['actions_get', {}, 'bad-arguments'],
    ['actions_get', { instance_uuid: 'i-1' }, 'bad-arguments'],
    ['actions_get', { instance_uuid: UUID, extra: 1 }, 'bad-arguments'],
    ['action_events_get', { action_id: '7' }, 'bad-arguments'],
    ['start_instance', { instance: 'x' }, 'bad-arguments'],
    ['start_instance', { instance: {} }, 'bad-arguments'],
    ['build_instances', { build_inst_kwargs: [] }, 'bad-arguments'],
    ['run_compute_api_method', { method_info: null }, 'bad-arguments'],
    ['run_compute_api_method', { method_info: {} }, 'bad-arguments'],
    ['run_compute_api_method', { method_info: { method: 'constructor', method_args: [UUID] } }, 'unknown-method'],
    ['run_compute_api_method', { method_info: { method: 'stop', method_args: [UUID] } }, 'unknown-method'],
    ['run_compute_api_method', { method_info: { method: 'unrescue', method_args: ['x'] } }, 'bad-arguments'],
    ['run_compute_api_method', { method_info: { method: 'unrescue', method_args: [UUID, 1] } }, 'bad-arguments'],
    ['run_compute_api_method', { method_info: { method: 'unrescue', method_args: {} } }, 'bad-arguments'],
  ])('%s %j is refused as %s', (methodName, methodKwargs, kind) => {
    expect(() => check(methodName, methodKwargs as JsonObject)).toThrow(
      expect.objectContaining({ kind, message: expect.stringContaining('') }),
    );
  });
});

describe('recognising a release', () => {
  const seen = (release: Release) => {
    const { envelope, namespaceNull, contextKeys, instanceVersion } = dialectOf(release);
    return {
      envelope: envelope === '2.0',
      namespaceKey: namespaceNull,
      contextKeys,
      ...(instanceVersion === null ? {} : { instanceVersion }),
    };
  };

  it('is certain for all but two pairs once an instance was seen', () => {
    expect(RELEASES.map((release) => detectRelease(seen(release)).candidates)).toEqual([
      ['grizzly'],
      ['havana'],
      ['icehouse'],
      ['juno'],
      ['kilo'],
      ['liberty'],
      ['mitaka'],
      ['newton', 'ocata'],
      ['newton', 'ocata'],
      ['pike'],
      ['queens'],
      ['rocky'],
    ]);
  });

  it('says what it saw, and knows nothing from nothing', () => {
    expect(detectRelease(seen('rocky')).seen).toContain('Instance 2.4');
    expect(detectRelease({}).candidates).toEqual(RELEASES);
    expect(detectRelease({ instanceVersion: '9.9' }).candidates).toEqual([]);
  });
});
