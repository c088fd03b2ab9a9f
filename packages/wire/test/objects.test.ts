import { describe, expect, it } from '@jest/globals';
import {
  decodeObject,
  decodeValue,
  dialectOf,
  encodeObject,
  type JsonObject,
  NovaObject,
  ObjectInput,
  parseJson,
  toPrimitive,
} from '../src/index.js';
import { aVif, UUID } from './builders.js';

const rocky = dialectOf('rocky');

function primitive(overrides: JsonObject = {}): JsonObject {
  return {
    'nova_object.name': 'Instance',
    'nova_object.namespace': 'nova',
    'nova_object.version': '2.4',
    'nova_object.data': { uuid: UUID },
    ...overrides,
  };
}

describe('reading objects', () => {
  it('keeps unknown fields, unknown objects and newer minors', () => {
    const inner = { ...primitive(), 'nova_object.name': 'Future', 'nova_object.version': '7.3' };
    const wire = primitive({
      'nova_object.version': '2.99',
      'nova_object.data': { uuid: UUID, later: inner, more: [inner] },
      'nova_object.changes': ['later'],
    });

    const object = decodeObject(wire);

    expect(object).toMatchObject({ name: 'Instance', version: '2.99', changes: ['later'] });
    expect(object.get('later')).toBeInstanceOf(NovaObject);
    expect(toPrimitive(object)).toEqual(wire);
  });

  it('finds objects within lists and dicts', () => {
    const value = decodeValue({ build_inst_kwargs: { instances: [primitive()], image: { id: 'x' } } }) as {
      build_inst_kwargs: { instances: NovaObject[] };
    };

    expect(value.build_inst_kwargs.instances[0]?.get('uuid')).toBe(UUID);
  });

  it('does not mistake inherited names for fields', () => {
    expect(decodeObject(primitive()).get('constructor')).toBeUndefined();
    expect(decodeObject(parseJson(JSON.stringify(primitive()).replace('"uuid"', '"__proto__"'))).get('__proto__')).toBe(UUID);
  });

  it.each([
    [{ 'nova_object.namespace': 'cinder' }, 'another namespace'],
    [{ 'nova_object.namespace': null }, 'another namespace'],
    [{ 'nova_object.version': '2' }, 'version'],
    [{ 'nova_object.version': 2.4 }, 'version'],
    [{ 'nova_object.data': [] }, 'nova_object.data'],
    [{ 'nova_object.name': 7 }, 'nova_object.name'],
    [{ 'nova_object.changes': 'uuid' }, 'nova_object.changes'],
    [{ 'nova_object.data': { flavor: { 'nova_object.name': 'Flavor' } } }, 'Flavor'],
  ])('refuses %j', (overrides, word) => {
    expect(() => decodeObject(primitive(overrides as JsonObject))).toThrow(
      expect.objectContaining({ kind: 'bad-object', message: expect.stringContaining(word) }),
    );
  });

  it('refuses what is no object at all', () => {
    expect(() => decodeObject({ uuid: UUID })).toThrow(expect.objectContaining({ kind: 'bad-object' }));
  });
});

describe('writing objects', () => {
  it('spells every kind of field as its release does', () => {
    const instance = new ObjectInput(
      'Instance',
      {
        uuid: UUID,
        launched_at: new Date('2026-01-02T03:04:05.678Z'),
        terminated_at: null,
        metadata: { k: 'v' },
        info_cache: new ObjectInput('InstanceInfoCache', { instance_uuid: UUID, network_info: [aVif()] }, ['network_info']),
      },
      ['launched_at', 'info_cache'],
    );

    expect(encodeObject(rocky, instance)).toEqual({
      'nova_object.name': 'Instance',
      'nova_object.namespace': 'nova',
      'nova_object.version': '2.4',
      'nova_object.data': {
        uuid: UUID,
        launched_at: '2026-01-02T03:04:05Z',
        terminated_at: null,
        metadata: { k: 'v' },
        info_cache: {
          'nova_object.name': 'InstanceInfoCache',
          'nova_object.namespace': 'nova',
          'nova_object.version': '1.5',
          'nova_object.data': { instance_uuid: UUID, network_info: expect.stringMatching(/^\[\{/) },
          'nova_object.changes': ['network_info'],
        },
      },
      'nova_object.changes': ['launched_at', 'info_cache'],
    });
  });

  it('uses the version of the parent, never a newer one', () => {
    const service = new ObjectInput('Service', { id: 1, host: 'h', uuid: UUID });

    expect(encodeObject(dialectOf('ocata'), service)).toMatchObject({
      'nova_object.version': '1.20',
      'nova_object.data': { id: 1, host: 'h' },
    });
    expect(encodeObject(rocky, service)).toMatchObject({ 'nova_object.version': '1.22', 'nova_object.data': { uuid: UUID } });
  });

  it('leaves out what the release lacks, or refuses it when asked to', () => {
    const service = new ObjectInput('Service', { id: 1, uuid: UUID }, ['uuid']);

    expect(encodeObject(dialectOf('ocata'), service)).toMatchObject({ 'nova_object.data': { id: 1 } });
    expect(encodeObject(dialectOf('ocata'), service)).not.toHaveProperty(['nova_object.changes']);
    expect(() => encodeObject(dialectOf('ocata'), service, { unknownFields: 'refuse' })).toThrow(
      expect.objectContaining({ kind: 'bad-object' }),
    );
  });

  it.each([
    ['vcpus', '2'],
    ['vcpus', 1.5],
    ['uuid', null],
    ['locked', 1],
    ['hostname', 7],
    ['launched_at', '2026-01-01T00:00:00Z'],
    ['launched_at', new Date(Number.NaN)],
    ['hostname', new Date(0)],
    ['metadata', { a: 1 }],
    ['info_cache', { network_info: '[]' }],
    ['info_cache', new ObjectInput('Flavor', { id: 1 })],
  ])('refuses %s = %j, which would lose the message', (name, value) => {
    expect(() => encodeObject(rocky, new ObjectInput('Instance', { [name]: value }))).toThrow(
      expect.objectContaining({ kind: 'bad-object' }),
    );
  });

  it('refuses a change that is not given, and an object the release has not', () => {
    expect(() => encodeObject(rocky, new ObjectInput('Instance', { uuid: UUID }, ['host']))).toThrow(/host is said to change/);
    expect(() => encodeObject(dialectOf('grizzly'), new ObjectInput('Instance', { uuid: UUID }))).toThrow(
      /grizzly has no object Instance/,
    );
  });
});
