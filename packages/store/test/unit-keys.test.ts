import { describe, expect, it } from '@jest/globals';
import { keysOf } from '../src/commit.js';
import { WRITE_KINDS } from '../src/writes/registry.js';
import { aMigration, anImage, anInstance, anOperation, aTaskLog } from './support/builders.js';

describe('a unit', () => {
  it('touches what its guards and writes name, each once', () => {
    const instance = anInstance({ uuid: 'u' });

    const keys = keysOf({
      guards: [
        { guard: 'new-message', uuid: 'm', method: 'build_instances' },
        { guard: 'operation-held', id: '7', fence: '1' },
        { guard: 'instance-in', uuid: 'u' },
      ],
      writes: [
        instance,
        anOperation('u'),
        { write: 'save-operation', id: '7' },
        { write: 'record-launch', token: 't', members: ['u', 'v'], attempt: 1, offering: {}, parameters: {} },
      ],
    });

    expect([...keys].sort()).toEqual(['i:u', 'i:v', 'l:t', 'm:m', 'o:7']);
  });

  it('touches the record it changes, wherever that was made', () => {
    const [migration, image, log] = [aMigration('u'), anImage('u'), aTaskLog()];

    for (const [first, then] of [
      [migration, { write: 'set-migration-status', uuid: migration.uuid, status: 'finished' }],
      [image, { write: 'forget-image', imageId: image.imageId }],
      [log, { ...log, state: 'DONE' }],
    ] as const) {
      const later = keysOf({ writes: [then] });

      expect(later).toHaveLength(1);
      expect(keysOf({ writes: [first] })).toEqual(expect.arrayContaining([...later]));
    }
  });
});

describe('the registry', () => {
  it('has each kind of write once', () => {
    const kinds = WRITE_KINDS.map((kind) => kind.kind);

    expect(new Set(kinds).size).toBe(kinds.length);
  });

  it('puts an instance before what is said of it, and cancelling before what joins', () => {
    const place = (kind: string) => WRITE_KINDS.findIndex((entry) => entry.kind === kind);

    for (const [first, then] of [
      ['insert-instance', 'patch-instance'],
      ['start-action', 'add-action-event'],
      ['add-action-event', 'finish-action'],
      ['cancel-operations', 'enqueue-operation'],
      ['finish-operation', 'enqueue-operation'],
      ['record-launch', 'settle-launch'],
      ['delete-block-device', 'set-block-device'],
      ['record-migration', 'set-migration-status'],
      ['record-image', 'forget-image'],
      ['report', 'delete-instance'],
    ] as const) {
      expect(place(first)).toBeLessThan(place(then));
    }
  });
});
