import { describe, expect, it } from '@jest/globals';
import {
  type AdoptionReport,
  adoptionParts,
  dataOf,
  dialectOf,
  encodeAdopted,
  encodeAdoption,
  type JsonObject,
  judgeUp,
  RELEASES,
} from '../src/index.js';
import { aFlavor, aVif, OBJECT_RELEASES, UUID } from './builders.js';

const anAdoption: AdoptionReport = {
  uuid: UUID,
  id: 41,
  vm_state: 'active',
  task_state: null,
  power_state: 1,
  host: 'ec2-az1',
  node: 'ec2-az1',
  launched_at: new Date('2026-01-02T03:04:05Z'),
  created_at: new Date('2026-01-01T00:00:00Z'),
  display_name: 'found',
  instance_type_id: 3,
  memory_mb: 2048,
  vcpus: 1,
  network_info: [aVif()],
  flavor: aFlavor,
  user_id: 'u1',
  project_id: 'p1',
  holdingProjectId: 'nobody',
};

const instances = (release: Parameters<typeof dialectOf>[0]): JsonObject[] =>
  encodeAdoption(dialectOf(release), anAdoption).map(({ methodKwargs }) => methodKwargs.instance as JsonObject);

describe('adoption', () => {
  it.each(['grizzly', 'icehouse', 'juno', 'kilo'] as const)(
    'takes one dict with addresses, sizes and the ten flavor keys at %s',
    (release) => {
      const [dict, ...more] = instances(release);

      expect(more).toEqual([]);
      expect(dict).toMatchObject({
        uuid: UUID,
        project_id: 'p1',
        memory_mb: 2048,
        vcpus: 1,
        created_at: '2026-01-01T00:00:00.000000',
      });
      expect(dict?.info_cache).toEqual({ network_info: expect.stringContaining('10.0.0.5') });
      expect(Object.keys(dict?.system_metadata as JsonObject)).toHaveLength(10);
      expect(dict?.system_metadata).toMatchObject({ instance_type_id: '3', instance_type_vcpu_weight: null });
    },
  );

  it('is refused for Havana, whose parent fails on any update for an unknown uuid', () => {
    expect(() => instances('havana')).toThrow(expect.objectContaining({ kind: 'forbidden' }));
  });

  it.each(OBJECT_RELEASES)(
    'takes three messages at %s: row and addresses under nobody, then the flavor, then the owner',
    (release) => {
      const [row, flavor, owner, ...more] = instances(release);

      expect(more).toEqual([]);
      expect(dataOf(row)).toMatchObject({
        uuid: UUID,
        project_id: 'nobody',
        info_cache: { 'nova_object.name': 'InstanceInfoCache' },
      });
      expect(dataOf(row)).not.toHaveProperty('id');
      expect(dataOf(row)).not.toHaveProperty('flavor');
      expect(row?.['nova_object.changes']).toContain('uuid');
      expect(flavor?.['nova_object.changes']).toEqual(['flavor', 'old_flavor', 'new_flavor']);
      expect(owner?.['nova_object.changes']).toEqual(['project_id']);
      expect(dataOf(owner)).toEqual({ uuid: UUID, id: 41, project_id: 'p1' });
    },
  );

  it('is as many messages as is said of the release', () => {
    for (const release of RELEASES.filter((each) => each !== 'havana'))
      expect(instances(release)).toHaveLength(adoptionParts(dialectOf(release)));
    expect(adoptionParts(dialectOf('havana'))).toBe(0);
  });

  it('is not judged harmless as an ordinary update: it would make a row', () => {
    const [row] = encodeAdoption(dialectOf('rocky'), anAdoption);
    if (row === undefined) throw new Error('no message');

    expect(judgeUp(dialectOf('rocky'), row)).toMatchObject([{ rule: 'ghost' }]);
    expect(judgeUp(dialectOf('rocky'), row, { adopting: true })).toEqual([]);
  });
});

describe('what is said of an adopted server later', () => {
  const later = (release: Parameters<typeof dialectOf>[0]): JsonObject =>
    encodeAdopted(dialectOf(release), { ...anAdoption, system_metadata: { old_instance_type_id: '2' } }).methodKwargs
      .instance as JsonObject;

  it.each(['grizzly', 'icehouse', 'juno', 'kilo'] as const)(
    'is the whole adoption again at %s, and loses nothing of a resize',
    (release) => {
      const dict = later(release);

      expect(dict).toMatchObject({ uuid: UUID, project_id: 'p1', memory_mb: 2048, info_cache: expect.anything() });
      expect(dict.system_metadata).toMatchObject({ instance_type_flavorid: expect.any(String), old_instance_type_id: '2' });
    },
  );

  it.each(OBJECT_RELEASES)('brings flavor and owner at %s, and can never make a row', (release) => {
    const update = later(release);

    expect(dataOf(update)).toMatchObject({ uuid: UUID, id: 41, project_id: 'p1', flavor: expect.anything() });
    expect(update['nova_object.changes']).toEqual(expect.arrayContaining(['flavor', 'old_flavor', 'new_flavor', 'project_id']));
    expect(update['nova_object.changes']).not.toContain('uuid');
    expect(judgeUp(dialectOf(release), { methodName: 'instance_update_at_top', methodKwargs: { instance: update } })).toEqual([]);
  });

  it('needs a row in the API database from Newton on', () => {
    const needing = RELEASES.filter((release) => dialectOf(release).adoptionNeedsMapping);

    expect(needing).toEqual(['newton', 'ocata', 'pike', 'queens', 'rocky']);
  });
});
