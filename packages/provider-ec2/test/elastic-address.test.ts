import { describe, expect, it } from '@jest/globals';
import { type Ec2ProviderConfig, parseEc2Options } from '../src/index.js';
import { aBench, abilitiesOf, aReplica, aRequest, type Bench, launchOne, runningOne, whileTimePasses } from './builders.js';

const UUID = '6f1f3c1c-7f0e-4d0e-9c53-0a1b2c3d4e5f';
const ALWAYS = { elasticAddress: 'always' } as const;

const anAddressBench = (changes: Partial<Ec2ProviderConfig> = {}): Bench => aBench({ ...ALWAYS, ...changes });

async function ask(bench: Pick<Bench, 'provider'>, id: string, metadata: Record<string, string> = {}) {
  return bench.provider.ensureAddress?.(id, { uuid: UUID, metadata });
}

/** Asks until it is done, as a build does: what may be repeated is. */
async function give(bench: Bench, id: string): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) {
    const asked = whileTimePasses(bench.clock, ask(bench, id));
    if ((await asked.catch(() => 'again')) === 'done') return;
    bench.clock.advance(1_000);
  }
  throw new Error('it was never done');
}

async function floatingOf({ provider }: Bench, id: string): Promise<readonly string[]> {
  const { nics = [] } = (await provider.describe([id])).get(id) ?? {};
  return nics.flatMap(({ addresses }) => addresses.flatMap(({ type, address }) => (type === 'floating' ? [address] : [])));
}

/** What the sweep does once it believes it. */
async function sweep(bench: Bench): Promise<void> {
  for (const leftover of await abilitiesOf(bench).leftovers()) await abilitiesOf(bench).deleteLeftover(leftover);
}

const taken = ({ fake }: Bench) => fake.elasticAddresses();

/** One that was taken for that machine, of which the answer was lost. */
function doubleOf({ fake }: Bench, id: string): void {
  fake.addElasticAddress({
    ...{ 'burstcell:cell': 'ec2', 'burstcell:incarnation': 'first' },
    ...{ 'burstcell:uuid': UUID, 'burstcell:address-of': id },
  });
}

describe('an elastic address', () => {
  it('is no business of a cell whose policy is never: no call is made for one', async () => {
    const bench = aBench();
    expect(bench.provider.ensureAddress).toBeUndefined();

    await bench.provider.terminate(await runningOne(bench));

    expect(Object.keys(bench.fake.counts().byAction).filter((action) => action.endsWith('Addresses'))).toEqual([]);
  });

  it('is tagged with cell, instance and machine as it is taken, and is on the first of several interfaces', async () => {
    const subnet = (at: number) => `subnet-0a1b2c3d4e5f6000${at}`;
    const bench = anAddressBench({ networkMap: { one: [subnet(1)], two: [subnet(1)] } });
    const networks = ['one', 'two'].map((networkId) => ({ networkId, fixedIp: null, portId: null }));
    const id = await runningOne(bench, aRequest({ networks }));

    await give(bench, id);

    const [address, ...others] = taken(bench);
    expect(others).toEqual([]);
    expect(address).toMatchObject({
      instanceId: id,
      tags: {
        'burstcell:cell': 'ec2',
        'burstcell:incarnation': 'first',
        'burstcell:uuid': UUID,
        'burstcell:address-of': id,
      },
    });
    const [first, second] = (await bench.provider.describe([id])).get(id)?.nics ?? [];
    expect(first?.addresses.map((each) => each.address)).toContain(address?.publicIp);
    expect(second?.addresses.map(({ type }) => type)).toEqual(['fixed']);
  });

  it('is given on request where the policy is so, and a word that means nothing is refused before the launch', async () => {
    const bench = anAddressBench({ elasticAddress: 'on-request' });
    const id = await runningOne(bench);
    const calls = () => bench.fake.calls().length;
    const before = calls();

    expect(await ask(bench, id)).toBe('not-wished');
    expect(await ask(bench, id, { elastic_address: 'False' })).toBe('not-wished');
    expect(calls()).toBe(before);
    expect(await ask(bench, id, { elastic_address: 'True' })).toBe('under-way');
    const request = aRequest({ metadata: { elastic_address: 'maybe' } });
    await expect(bench.provider.offerings(request)).rejects.toMatchObject({
      kind: 'invalid',
      userMessage: 'The metadata elastic_address must be true or false.',
    });
  });

  it.each(['AllocateAddress', 'AssociateAddress', 'DescribeAddresses'])(
    'is one only, whatever becomes of the answer to %s',
    async (action) => {
      for (const when of ['before', 'after'] as const) {
        const bench = anAddressBench();
        const id = await runningOne(bench);
        bench.fake.inject({ action, code: 'InternalError', when });

        await give(bench, id);

        expect(taken(bench)).toHaveLength(1);
        expect(await floatingOf(bench, id)).toEqual(taken(bench).map(({ publicIp }) => publicIp));
      }
    },
  );

  it('of which two were taken is one after the next look, and after the sweep when the build is done by then', async () => {
    const bench = anAddressBench();
    const id = await runningOne(bench);
    for (let each = 0; each < 2; each += 1) doubleOf(bench, id);

    await give(bench, id);
    expect(taken(bench)).toHaveLength(1);

    doubleOf(bench, id);
    await sweep(bench);
    expect(taken(bench)).toHaveLength(1);
    expect(taken(bench)).toMatchObject([{ instanceId: id }]);
  });

  it('of which two were taken is one also where the other was given back before, or is in use by now', async () => {
    for (const code of ['InvalidAllocationID.NotFound', 'InvalidIPAddress.InUse']) {
      const bench = anAddressBench();
      const id = await runningOne(bench);
      for (let each = 0; each < 2; each += 1) doubleOf(bench, id);
      bench.fake.inject({ action: 'ReleaseAddress', code, when: 'after' });

      expect(await ask(bench, id)).toBe('under-way');
      expect(await ask(bench, id)).toBe('done');
    }
  });

  it.each(['Resource.AlreadyAssociated', 'InvalidAllocationID.NotFound'])('is looked for anew after %s', async (code) => {
    const bench = anAddressBench();
    const id = await runningOne(bench);
    bench.fake.inject({ action: 'AssociateAddress', code });

    expect(await ask(bench, id)).toBe('under-way');
    await give(bench, id);

    expect(taken(bench)).toHaveLength(1);
  });

  it('is given back with the machine’s end, at once', async () => {
    const bench = anAddressBench();
    const id = await runningOne(bench);
    await give(bench, id);

    await bench.provider.terminate(id);

    expect(taken(bench)).toEqual([]);
  });

  it.each(['DescribeAddresses', 'DisassociateAddress', 'ReleaseAddress'])(
    'does not keep a machine from its end when %s fails, and is found by the sweep',
    async (action) => {
      const bench = anAddressBench();
      const id = await runningOne(bench);
      await give(bench, id);
      bench.fake.inject({ action, code: 'UnauthorizedOperation' });

      await bench.provider.terminate(id);
      bench.clock.advance(5_000);

      expect(bench.fake.instance(id)?.state).toBe('terminated');
      expect(taken(bench)).toHaveLength(1);
      await sweep(bench);
      expect(taken(bench)).toEqual([]);
    },
  );

  it('is left over when its machine ends outside of nova, also to a cell whose policy is never by now', async () => {
    const bench = anAddressBench();
    const id = await runningOne(bench);
    await give(bench, id);
    bench.fake.terminateOutside(id);
    bench.clock.advance(5_000);
    const later = { ...bench, provider: aReplica(bench) };

    expect(await abilitiesOf(later).leftovers()).toEqual([
      { leftoverId: taken(bench)[0]?.allocationId, kind: 'address', providerId: id, sizeGb: null },
    ]);
    await sweep(later);
    expect(taken(bench)).toEqual([]);
  });

  it('is not left over while its machine lives, nor when it is another cell’s, nobody’s, or somebody uses it', async () => {
    const bench = anAddressBench();
    const id = await runningOne(bench);
    bench.fake.inject({ action: 'AssociateAddress', code: 'InternalError' });
    await expect(ask(bench, id)).rejects.toMatchObject({ kind: 'unavailable' });
    bench.fake.addElasticAddress();
    bench.fake.addElasticAddress({ 'burstcell:cell': 'other', 'burstcell:incarnation': 'first', 'burstcell:address-of': 'i-1' });

    expect(await abilitiesOf(bench).leftovers()).toEqual([]);

    const borrower = await runningOne(bench);
    const [address] = taken(bench);
    const eni = bench.fake.instance(borrower)?.interfaces[0]?.id ?? '';
    await bench.fake.associateAddress({ allocationId: address?.allocationId ?? '', networkInterfaceId: eni });
    await bench.provider.terminate(id);
    bench.clock.advance(5_000);

    await sweep(bench);
    expect(taken(bench)).toHaveLength(3);
    expect(await floatingOf(bench, borrower)).toEqual([address?.publicIp]);
  });

  it('that somebody has put elsewhere is followed by no other', async () => {
    const bench = anAddressBench();
    const [id, borrower] = [await runningOne(bench), await runningOne(bench)];
    await ask(bench, id);
    const [address] = taken(bench);
    await bench.fake.disassociateAddress(address?.associationId ?? '');
    const eni = bench.fake.instance(borrower)?.interfaces[0]?.id ?? '';
    await bench.fake.associateAddress({ allocationId: address?.allocationId ?? '', networkInterfaceId: eni });

    await expect(ask(bench, id)).rejects.toMatchObject({ kind: 'conflict' });

    expect(taken(bench)).toHaveLength(1);
  });

  it('is looked for by a cell without the right to look only where it may have taken one', async () => {
    for (const [code, kind] of [
      ['UnauthorizedOperation', 'unauthorized'],
      ['NotImplementedByEndpoint', 'unsupported'],
    ] as const) {
      const never = aBench();
      never.fake.inject({ action: 'DescribeAddresses', code, times: null });
      expect(await abilitiesOf(never).leftovers()).toEqual([]);

      const always = anAddressBench();
      always.fake.inject({ action: 'DescribeAddresses', code, times: null });
      await expect(abilitiesOf(always).leftovers()).rejects.toMatchObject({ kind });
    }
  });

  it.each([
    ['AllocateAddress', 'AddressLimitExceeded', 'quota', /limit for public addresses/],
    ['AllocateAddress', 'InsufficientAddressCapacity', 'capacity', /no public address/],
    ['AssociateAddress', 'Gateway.NotAttached', 'invalid', /does not reach the internet/],
  ] as const)(
    'that %s refuses with %s is %s, and nothing of it stays once the machine is ended',
    async (action, code, kind, says) => {
      const bench = anAddressBench();
      const id = await runningOne(bench);
      bench.fake.inject({ action, code });

      await expect(ask(bench, id)).rejects.toMatchObject({ kind, userMessage: expect.stringMatching(says) });
      await bench.provider.terminate(id);

      expect(taken(bench)).toEqual([]);
    },
  );

  it('is refused by the account’s own limit', async () => {
    const bench = anAddressBench();
    bench.fake.setAddressLimit(0);

    await expect(ask(bench, await runningOne(bench))).rejects.toMatchObject({ kind: 'quota', faultCode: 413 });
  });

  it('of a machine that is not known to have an interface yet is asked for again', async () => {
    const bench = anAddressBench();
    const id = await launchOne(bench);

    await expect(ask(bench, id)).rejects.toMatchObject({ kind: 'conflict' });
    bench.clock.advance(2_000);
    await give(bench, id);

    expect(taken(bench)).toHaveLength(1);
  });
});

describe('the operator’s own addresses', () => {
  function aPooledBench(count: number, ownPool?: string) {
    const bench = anAddressBench();
    const allocations = Array.from({ length: count }, () => bench.fake.addElasticAddress());
    const elasticAddressPool = ownPool === undefined ? { allocations } : { allocations, ownPool };
    return { bench: { ...bench, provider: aReplica(bench, { ...ALWAYS, elasticAddressPool }) }, allocations };
  }

  it('are used first, are never released, and others are taken when none is free', async () => {
    const { bench, allocations } = aPooledBench(1);
    const [first, second] = [await runningOne(bench), await runningOne(bench)];

    await give(bench, first);
    await give(bench, second);
    expect(taken(bench).map(({ instanceId }) => instanceId)).toEqual([first, second]);
    expect(taken(bench)[0]?.allocationId).toBe(allocations[0]);

    for (const id of [first, second]) await bench.provider.terminate(id);
    bench.clock.advance(5_000);
    await sweep(bench);
    expect(taken(bench).map(({ allocationId }) => allocationId)).toEqual(allocations);
  });

  it('go to one machine each, also when two want the same', async () => {
    const { bench } = aPooledBench(2);
    const ids = [await runningOne(bench), await runningOne(bench)];

    await Promise.all(ids.map((id) => give(bench, id)));

    expect(new Set(taken(bench).map(({ instanceId }) => instanceId))).toEqual(new Set(ids));
    expect(taken(bench)).toHaveLength(2);
  });

  it('are theirs even where they carry our tags', async () => {
    const bench = anAddressBench();
    const id = await runningOne(bench);
    await give(bench, id);
    const allocations = taken(bench).map(({ allocationId }) => allocationId);
    const later = { ...bench, provider: aReplica(bench, { ...ALWAYS, elasticAddressPool: { allocations } }) };

    await later.provider.terminate(id);
    bench.clock.advance(5_000);
    await sweep(later);

    expect(taken(bench)).toHaveLength(1);
  });

  it('come from a pool of theirs where one is named', async () => {
    const { bench } = aPooledBench(0, 'ipv4pool-ec2-0a1b');
    await give(bench, await runningOne(bench));

    expect(bench.fake.ownPools()).toEqual(['ipv4pool-ec2-0a1b']);
  });

  it.each([
    ['10.0.0.1', 'always', /is neither/],
    ['ipv4pool-ec2-1,ipv4pool-ec2-2', 'always', /names two pools/],
    ['eipalloc-1', 'never', /means nothing without elastic_address/],
  ])('are refused as %s with %s', (pool, policy, problem) => {
    const values = { region: 'us-east-1', elastic_address: policy, elastic_address_pool: pool };

    expect(() => parseEc2Options(values)).toThrow(problem);
  });
});
