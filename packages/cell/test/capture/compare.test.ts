import { randomUUID } from 'node:crypto';
import { decodeInterCell, type InterCellMessage } from '@burstcell/wire';
import { describe, expect, it } from '@jest/globals';
import { shapeDifferences } from '../../src/cli/capture/answer-shape.js';
import { compareTold } from '../../src/cli/capture/compare.js';
import { Told } from '../../src/cli/capture/told.js';

const UUID = '8b9ad313-b75f-4523-b897-7724c47883c3';

function up(methodName: string, methodKwargs: object): InterCellMessage {
  const wire = {
    message_type: 'broadcast',
    ctxt: {},
    method_name: methodName,
    method_kwargs: methodKwargs,
    direction: 'up',
    uuid: randomUUID(),
    routing_path: 'ec2',
    hop_count: 1,
  };
  return decodeInterCell(JSON.stringify(wire));
}

const asDict = (columns: object) => up('instance_update_at_top', { instance: { uuid: UUID, ...columns } });
const asObject = (columns: object, changes: readonly string[]) =>
  up('instance_update_at_top', {
    instance: {
      'nova_object.name': 'Instance',
      'nova_object.namespace': 'nova',
      'nova_object.version': '2.4',
      'nova_object.data': { uuid: UUID, ...columns },
      'nova_object.changes': changes,
    },
  });

function told(...messages: readonly InterCellMessage[]): Told {
  const all = new Told();
  for (const message of messages) all.take(message);
  return all;
}

const ACTIVE = { vm_state: 'active', task_state: null, power_state: 1 };

describe('what two cells told their parents', () => {
  it('means the same in ten updates as in one, and as a dict or an object', () => {
    const steps = ['networking', 'block_device_mapping', 'spawning'].map((task) =>
      asDict({ vm_state: 'building', task_state: task, power_state: 0 }),
    );

    const many = told(...steps, asDict({ ...ACTIVE, host: 'a' }));
    const one = told(asObject({ ...ACTIVE, host: 'b' }, ['vm_state', 'task_state', 'power_state', 'host']));

    expect(compareTold(many, one)).toEqual([]);
  });

  it('leaves out what an object carries and does not name as changed', () => {
    const one = told(asObject({ ...ACTIVE, host: null }, ['vm_state']));

    expect(one.rows.get(UUID)).toEqual({ vm_state: 'active' });
  });

  it('differs where an instance comes to rest elsewhere', () => {
    const differences = compareTold(told(asDict(ACTIVE)), told(asDict({ ...ACTIVE, vm_state: 'error' })));

    expect(differences).toEqual([{ about: UUID, what: 'vm_state', before: 'active', after: 'error' }]);
  });

  it('differs where one of them says nothing of where it is', () => {
    const differences = compareTold(told(asDict(ACTIVE)), told());

    expect(differences.map(({ what, after }) => [what, after])).toEqual([
      ['vm_state', 'not said'],
      ['task_state', 'not said'],
      ['power_state', 'not said'],
    ]);
  });

  it('differs in faults by their code, and in existence', () => {
    const fault = (code: number) =>
      up('instance_fault_create_at_top', { instance_fault: { instance_uuid: UUID, code, message: 'no' } });

    expect(compareTold(told(fault(500)), told(fault(400)))).toMatchObject([{ what: 'faults', before: '500', after: '400' }]);
    expect(compareTold(told(asDict(ACTIVE)), told(up('instance_destroy_at_top', { instance: { uuid: UUID } })))).toMatchObject([
      { what: 'existence', before: 'there', after: 'gone' },
    ]);
  });
});

describe('two answers', () => {
  it('are of one form whatever their values say', () => {
    expect(shapeDifferences([{ id: 1, at: null, tags: [] }], [{ id: 2, at: 'now', tags: ['x'] }, { id: 3 }])).toEqual([]);
  });

  it('are told apart by members, kinds and versions of objects, with the place', () => {
    const object = (version: string) => ({
      'nova_object.name': 'Service',
      'nova_object.version': version,
      'nova_object.data': {},
    });

    expect(shapeDifferences({ a: 1, b: { c: 1 } }, { b: { c: 'x' }, d: 1 })).toEqual([
      'a is missing',
      'b.c is a string, was a number',
      'd is new',
    ]);
    expect(shapeDifferences([object('1.4')], [object('1.5')])).toEqual(['[] is Service 1.5, was Service 1.4']);
  });
});
