import { describe, expect, it } from '@jest/globals';
import { machinesIn } from './ec2-machines.js';

describe('the machines in an answer of DescribeInstances', () => {
  it('keeps apart what belongs to which, whatever the order of elements', () => {
    const xml = reservation(
      instance({ before: '<ipAddress>54.0.0.1</ipAddress>', id: 'i-1', state: 'running', address: '10.0.0.1', uuid: 'aaaa' }),
      instance({ before: '<ipAddress>54.0.0.2</ipAddress>', id: 'i-2', state: 'stopped', address: '10.0.0.2' }),
    );

    expect(machinesIn(xml)).toEqual([
      { id: 'i-1', state: 'running', uuid: 'aaaa', addresses: ['10.0.0.1', '54.0.0.1'] },
      { id: 'i-2', state: 'stopped', uuid: undefined, addresses: ['10.0.0.2', '54.0.0.2'] },
    ]);
  });

  it('finds none in an empty account', () => {
    expect(machinesIn('<?xml version="1.0"?><DescribeInstancesResponse><reservationSet/></DescribeInstancesResponse>')).toEqual(
      [],
    );
  });
});

interface Given {
  before: string;
  id: string;
  state: string;
  address: string;
  uuid?: string;
}

function instance({ before, id, state, address, uuid }: Given): string {
  const tags = uuid === undefined ? '' : `<item><key>burstcell:uuid</key><value>${uuid}</value></item>`;
  const own = `<instanceId>${id}</instanceId><instanceState><code>16</code><name>${state}</name></instanceState>`;
  return `<item>${before}${own}<privateIpAddress>${address}</privateIpAddress><tagSet><item><key>Name</key><value>a &amp; b</value></item>${tags}</tagSet></item>`;
}

function reservation(...items: string[]): string {
  return `<?xml version="1.0"?>\n<DescribeInstancesResponse xmlns="http://ec2"><reservationSet><item><instancesSet>${items.join('\n')}</instancesSet></item></reservationSet></DescribeInstancesResponse>`;
}
