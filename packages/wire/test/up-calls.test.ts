import { describe, expect, it } from '@jest/globals';
import {
  type BdmReport,
  dialectOf,
  encodeBandwidth,
  encodeBdm,
  encodeBdmDestroy,
  encodeCapabilities,
  encodeCapacities,
  encodeFault,
  encodeInterCell,
  encodeKeypairRequest,
  type JsonObject,
  judgeUp,
  newBroadcastUp,
  RELEASES,
  releasesFrom,
} from '../src/index.js';
import { UUID } from './builders.js';

const aFault = { instance_uuid: UUID, code: 503, message: 'No room in 3 zones tried', host: 'ec2-az1' };

const aBdm: BdmReport = {
  instance_uuid: UUID,
  device_name: '/dev/vda',
  volume_id: null,
  source_type: 'image',
  destination_type: 'local',
  boot_index: 0,
  delete_on_termination: true,
};

describe('a fault', () => {
  const encoded = (fault: Partial<typeof aFault & { details: string }> = {}): JsonObject =>
    encodeFault(dialectOf('rocky'), { ...aFault, ...fault }).methodKwargs.instance_fault as JsonObject;

  it.each(RELEASES)('is a dict of the five keys that %s takes', (release) => {
    const call = encodeFault(dialectOf(release), aFault);

    expect(call).toEqual({
      methodName: 'instance_fault_create_at_top',
      methodKwargs: { instance_fault: { ...aFault, details: '' } },
    });
    expect(judgeUp(dialectOf(release), call)).toEqual([]);
  });

  it('with code 500 is forbidden: a user would not see its details', () => {
    expect(() => encoded({ code: 500 })).toThrow(expect.objectContaining({ kind: 'forbidden' }));
    expect(() => encoded({ code: 4.5 })).toThrow(expect.objectContaining({ kind: 'forbidden' }));
  });

  it('too long for its column is cut there and whole in the details', () => {
    const fault = encoded({ message: 'x'.repeat(300) });

    expect(fault.message).toHaveLength(255);
    expect(fault.details).toBe('x'.repeat(300));
  });

  it('keeps its own details when it is cut', () => {
    expect(encoded({ message: 'x'.repeat(300), details: 'why' })).toMatchObject({ details: 'why' });
  });

  it('carries nothing that a database of the parent cannot store', () => {
    expect(encoded({ message: 'a\0b 😀 é' })).toMatchObject({ message: 'ab \ufffd é' });
  });

  it('is ASCII on the wire', () => {
    const call = encodeFault(dialectOf('rocky'), { ...aFault, message: 'kein Platz für ✓' });

    expect(encodeInterCell(newBroadcastUp({ ...call, ctxt: {}, myName: 'ec2' }))).toMatch(/^[\x20-\x7e]*$/);
  });

  it('with another key is judged an error from Juno on', () => {
    const call = {
      methodName: 'instance_fault_create_at_top',
      methodKwargs: { instance_fault: { ...aFault, details: '', severity: 1 } },
    };

    expect(judgeUp(dialectOf('juno'), call)).toMatchObject([{ rule: 'fault-keys' }]);
  });
});

describe('a block device mapping', () => {
  it('is not known to Grizzly', () => {
    expect(encodeBdm(dialectOf('grizzly'), aBdm)).toBeNull();
    expect(encodeBdmDestroy(dialectOf('grizzly'), { instance_uuid: UUID, device_name: '/dev/vdb', volume_id: null })).toBeNull();
  });

  it.each(releasesFrom('havana'))('is updated or made by its device at %s', (release) => {
    expect(encodeBdm(dialectOf(release), aBdm)).toEqual({
      methodName: 'bdm_update_or_create_at_top',
      methodKwargs: { bdm: aBdm, create: null },
    });
  });

  it('has a uuid only where the parent matches by it', () => {
    const bdm = { ...aBdm, uuid: UUID };

    expect(encodeBdm(dialectOf('pike'), bdm)?.methodKwargs.bdm).not.toHaveProperty('uuid');
    expect(encodeBdm(dialectOf('queens'), bdm)?.methodKwargs.bdm).toHaveProperty('uuid');
  });

  it.each([{ device_name: null }, { volume_id: undefined }, { source_type: undefined }, { connection_info: {} }])(
    'with %j is forbidden',
    (wrong) => {
      expect(() => encodeBdm(dialectOf('rocky'), { ...aBdm, ...wrong } as unknown as BdmReport)).toThrow(
        expect.objectContaining({ kind: 'forbidden' }),
      );
    },
  );

  it('never carries what is no column', () => {
    expect(encodeBdm(dialectOf('havana'), { ...aBdm, secret: 1 } as BdmReport)?.methodKwargs.bdm).toEqual(aBdm);
  });
});

describe('the rest that goes up', () => {
  it('capabilities are lists, capacities are units by size', () => {
    expect(encodeCapabilities('ec2', { hypervisor: ['ec2'] })).toEqual({
      methodName: 'update_capabilities',
      methodKwargs: { cell_name: 'ec2', capabilities: { hypervisor: ['ec2'] } },
    });
    expect(
      encodeCapacities('ec2', { ram: { total_mb: 10, units_by_mb: { '512': 1 } }, disk: { total_mb: 0, units_by_mb: {} } }),
    ).toEqual({
      methodName: 'update_capacities',
      methodKwargs: {
        cell_name: 'ec2',
        capacities: { ram_free: { total_mb: 10, units_by_mb: { '512': 1 } }, disk_free: { total_mb: 0, units_by_mb: {} } },
      },
    });
    expect(encodeCapacities('ec2', null).methodKwargs.capacities).toEqual({});
  });

  it('bandwidth has exactly the eight keys that become keyword arguments', () => {
    const time = new Date(0);
    const usage = {
      uuid: UUID,
      mac: 'm',
      start_period: time,
      bw_in: 1,
      bw_out: 2,
      last_ctr_in: 3,
      last_ctr_out: 4,
      last_refreshed: time,
    };

    expect(encodeBandwidth({ ...usage, more: 1 } as typeof usage).methodKwargs.bw_update_info).toEqual({
      ...usage,
      start_period: '1970-01-01T00:00:00.000000',
      last_refreshed: '1970-01-01T00:00:00.000000',
    });
  });

  it('a key pair is asked for from Liberty on', () => {
    expect(encodeKeypairRequest(dialectOf('liberty'), { userId: 'u', name: 'k' }).methodKwargs).toEqual({
      user_id: 'u',
      name: 'k',
    });
    expect(() => encodeKeypairRequest(dialectOf('kilo'), { userId: 'u', name: 'k' })).toThrow(
      expect.objectContaining({ kind: 'forbidden' }),
    );
  });
});
