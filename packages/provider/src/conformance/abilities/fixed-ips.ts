import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { type Bed, fixedAddressesOf, refusalOf } from '../bed.js';
import type { Declare, Suite } from '../suite.js';
import { passesOnRefusals, refusesAsAll, refusesUnsent, twiceWithLostReply } from './common.js';

export function fixedIpsSuite(suite: Suite): void {
  suite.ability('addFixedIp', ['addFixedIp', 'removeFixedIp'], (test) => {
    adds(test);
    removes(test);
    refusesAsAll(test, 'addFixedIp', (bed, providerId, options) => bed.can.addFixedIp(providerId, anyNetwork(), options));
    refusesUnsent(test, 'removeFixedIp', (bed, providerId, options) => bed.can.removeFixedIp(providerId, '192.0.2.1', options));
    passesOnRefusals(test, 'addFixedIp', (bed, providerId) => bed.can.addFixedIp(providerId, anyNetwork()));
  });
}

function adds(test: Declare): void {
  test('adds one address, which is seen and kept', {}, async (bed) => {
    const { providerId } = await bed.launchFor('addFixedIp');
    const before = await addressesOf(bed, providerId);

    await bed.can.addFixedIp(providerId, anyNetwork());

    const after = await addressesOf(bed, providerId);
    expect(after).toEqual(expect.arrayContaining(before));
    expect(new Set(after).size).toBe(before.length + 1);
    await bed.stop(providerId);
    expect(await addressesOf(bed, providerId)).toEqual(after);
  });

  test('adds it in the network that was asked for', {}, async (bed) => {
    const { providerId, nics } = await bed.launchFor('addFixedIp');
    const nic = nics.at(-1);

    await bed.can.addFixedIp(providerId, { networkId: nic?.networkId ?? null, token: randomUUID() });

    const after = (await bed.observed(providerId))?.nics.filter(({ networkId }) => networkId === nic?.networkId) ?? [];
    expect(after.flatMap(({ addresses }) => addresses).length).toBeGreaterThan(nic?.addresses.length ?? 0);
  });

  test('says invalid or not-found for a network that the machine has no interface in', {}, async (bed) => {
    const { providerId } = await bed.launchFor('addFixedIp');
    const before = await addressesOf(bed, providerId);

    const refusal = await refusalOf(bed.can.addFixedIp(providerId, { networkId: 'no-such-network', token: randomUUID() }));

    expect(['invalid', 'not-found']).toContain(refusal);
    expect(await addressesOf(bed, providerId)).toEqual(before);
  });

  test('adds one only when it is repeated with the same token, and another with another', {}, async (bed) => {
    const { providerId } = await bed.launchFor('addFixedIp');
    const before = await addressesOf(bed, providerId);
    const once = anyNetwork();

    await bed.can.addFixedIp(providerId, once);
    await bed.can.addFixedIp(providerId, once);
    expect(await addressesOf(bed, providerId)).toHaveLength(before.length + 1);

    await bed.can.addFixedIp(providerId, anyNetwork());
    expect(await addressesOf(bed, providerId)).toHaveLength(before.length + 2);
  });

  test('adds one only when the reply is lost and a replica repeats it', { needs: ['faults', 'replicas'] }, async (bed) => {
    const { providerId } = await bed.launchFor('addFixedIp');
    const before = await addressesOf(bed, providerId);
    const once = anyNetwork();
    const calls = [bed.can, bed.canDo(await bed.replica())].map((provider) => () => provider.addFixedIp(providerId, once));

    await twiceWithLostReply(bed, 'addFixedIp', async () => calls.shift()?.());

    expect(await addressesOf(bed, providerId)).toHaveLength(before.length + 1);
  });
}

function removes(test: Declare): void {
  test('removes an address that was added, and no other', {}, async (bed) => {
    const { providerId } = await bed.launchFor('addFixedIp');
    const before = await addressesOf(bed, providerId);

    await bed.can.removeFixedIp(providerId, await added(bed, providerId));

    expect(await addressesOf(bed, providerId)).toEqual(before);
  });

  test('removing an address that the machine does not have is no error', {}, async (bed) => {
    const { providerId } = await bed.launchFor('addFixedIp');
    const before = await addressesOf(bed, providerId);

    await bed.can.removeFixedIp(providerId, '192.0.2.1');

    expect(await addressesOf(bed, providerId)).toEqual(before);
  });

  test('is removed when the reply is lost and it is repeated', { needs: ['faults'] }, async (bed) => {
    const { providerId } = await bed.launchFor('addFixedIp');
    const before = await addressesOf(bed, providerId);
    const address = await added(bed, providerId);

    await twiceWithLostReply(bed, 'removeFixedIp', () => bed.can.removeFixedIp(providerId, address));

    expect(await addressesOf(bed, providerId)).toEqual(before);
  });
}

function anyNetwork() {
  return { networkId: null, token: randomUUID() };
}

async function addressesOf(bed: Bed, providerId: string): Promise<string[]> {
  return fixedAddressesOf(await bed.observed(providerId));
}

/** Adds an address and answers which. */
async function added(bed: Bed, providerId: string): Promise<string> {
  const before = await addressesOf(bed, providerId);
  await bed.can.addFixedIp(providerId, anyNetwork());
  const address = (await addressesOf(bed, providerId)).find((candidate) => !before.includes(candidate));
  if (address === undefined) throw new Error('no address was added');
  return address;
}
