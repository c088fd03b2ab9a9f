import { describe, expect, it } from '@jest/globals';
import { aBench, abilitiesOf, aReplica, type Bench, runningOne } from './builders.js';

const addressesOf = ({ fake }: Bench, id: string) =>
  fake.instance(id)?.interfaces.flatMap(({ privateAddresses }) => privateAddresses.map(({ address }) => address)) ?? [];

describe('fixed addresses', () => {
  it('are assigned once per token, also by a replica that comes after a lost answer', async () => {
    const bench = aBench();
    const id = await runningOne(bench);
    const wish = { networkId: null, token: 'one' };
    bench.fake.inject({ action: 'AssignPrivateIpAddresses', code: 'NetworkingError', when: 'after' });
    await expect(abilitiesOf(bench).addFixedIp(id, wish)).rejects.toMatchObject({ kind: 'unavailable' });

    await aReplica(bench).addFixedIp(id, wish);

    expect(addressesOf(bench, id)).toHaveLength(2);
  });

  it('are assigned after all when the first request was lost', async () => {
    const bench = aBench();
    const id = await runningOne(bench);
    const wish = { networkId: null, token: 'one' };
    bench.fake.inject({ action: 'AssignPrivateIpAddresses', code: 'NetworkingError' });
    await expect(abilitiesOf(bench).addFixedIp(id, wish)).rejects.toMatchObject({ kind: 'unavailable' });

    await aReplica(bench).addFixedIp(id, wish);

    expect(addressesOf(bench, id)).toHaveLength(2);
  });

  it('cannot exceed what the interface takes', async () => {
    const bench = aBench();
    const id = await runningOne(bench);
    const add = (token: string) => abilitiesOf(bench).addFixedIp(id, { networkId: null, token });
    for (const token of ['1', '2', '3']) await add(token);

    await expect(add('4')).rejects.toMatchObject({ kind: 'capacity', subject: 'network' });
  });

  it('say why the first one stays', async () => {
    const bench = aBench();
    const id = await runningOne(bench);
    const [first = ''] = addressesOf(bench, id);

    await expect(abilitiesOf(bench).removeFixedIp(id, first)).rejects.toMatchObject({ kind: 'unsupported' });
  });
});
