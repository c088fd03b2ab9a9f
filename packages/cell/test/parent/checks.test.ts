import { describe, expect, it } from '@jest/globals';
import { builtRight, faultIsReadable, imageRecordActive, listedTruly, machinesGone } from './checks.js';
import type { Machine } from './child.js';
import { NovaRest, type Server } from './rest.js';
import type { Seen } from './verb.js';

describe('a build is right', () => {
  it('when host, address, power state and machine are there', () => {
    expect(builtRight(seen({ servers: [aServer()], machines: [aMachine()] }))).toBeUndefined();
  });

  it('not without a host', () => {
    expect(builtRight(seen({ servers: [aServer({ 'OS-EXT-SRV-ATTR:host': null })] }))).toBe('no host');
  });

  it('not with a machine too many', () => {
    const machines = [aMachine(), aMachine({ id: 'i-2' })];

    expect(builtRight(seen({ servers: [aServer()], machines }))).toBe('2 machines for 1 servers');
  });

  it('not with an address that no machine has', () => {
    const machines = [aMachine({ addresses: ['10.0.0.99'] })];

    expect(builtRight(seen({ servers: [aServer()], machines }))).toBe("address 10.0.0.1 is no machine's");
  });
});

describe('an image record is active', () => {
  const check = imageRecordActive('snapshot');

  it('when the image service says so', () => {
    expect(check(seen({ images: [{ name: 'one-snapshot', status: 'active' }] }))).toBeUndefined();
  });

  it('not while it is queued, nor when there is none', () => {
    expect(check(seen({ images: [{ name: 'one-snapshot', status: 'queued' }] }))).toBe('the image record is queued');
    expect(check(seen({ images: [] }))).toBe('the image record is not there');
  });

  it('or not, below a child that leaves records alone', () => {
    expect(check(seen({ images: undefined }))).toBeUndefined();
  });
});

describe('a list is true', () => {
  it('not when it still says BUILD of a server that failed', () => {
    const answer = '| u1 | one | BUILD | scheduling | NOSTATE | |';

    expect(listedTruly(seen({ servers: [aServer({ status: 'ERROR', addresses: {} })], answer }))).toContain('lacks ERROR');
  });
});

describe('a fault is readable', () => {
  it('when it is a sentence', () => {
    expect(
      faultIsReadable(seen({ servers: [aServer({ fault: { code: 400, message: 'No room at the moment.' } })] })),
    ).toBeUndefined();
  });

  it.each([undefined, '', 'Traceback (most recent call last)', 'x'.repeat(256)])('not when it is %p', (message) => {
    const fault = message === undefined ? {} : { fault: { code: 500, message } };

    expect(faultIsReadable(seen({ servers: [aServer(fault)] }))).toBeDefined();
  });
});

describe('machines are gone', () => {
  it('not while one is left', () => {
    expect(machinesGone(seen({ machines: [aMachine()] }))).toBe('still there: i-1');
  });
});

function aServer(more: Partial<Server> = {}): Server {
  return {
    ...{ id: 'u1', name: 'one', status: 'ACTIVE', created: '', metadata: {}, addresses: { net: [{ addr: '10.0.0.1' }] } },
    ...{ 'OS-EXT-STS:task_state': null, 'OS-EXT-STS:vm_state': 'active', 'OS-EXT-STS:power_state': 1 },
    'OS-EXT-SRV-ATTR:host': 'api!ec2@zone',
    ...more,
  };
}

function aMachine(more: Partial<Machine> = {}): Machine {
  return { id: 'i-1', state: 'running', uuid: 'u1', addresses: ['10.0.0.1'], ...more };
}

function seen(more: Partial<Seen>): Seen {
  const rest = new NovaRest('http://nowhere');
  return {
    release: 'rocky',
    answer: '',
    body: {},
    servers: [],
    machines: [],
    images: undefined,
    childName: 'ec2',
    name: 'one',
    rest,
    ...more,
  };
}
