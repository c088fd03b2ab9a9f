import { ManualClock, SimulatedCloud, Simulator } from '@burstcell/provider/simulator';
import { describe, expect, it } from '@jest/globals';
import { aRequest, first, frozen, inZone, launched, stateOf } from './builders.js';

const ONE_MINUTE_MS = 60_000;

describe('simulators that share a cloud', () => {
  it('are replicas when cell and incarnation are equal: one launch, one machine', async () => {
    const cloud = new SimulatedCloud();
    const [one, other] = [new Simulator({ cloud }), new Simulator({ cloud })];
    const request = aRequest();

    const ids = await Promise.all(
      [one, other].map(async (provider) => first([...(await provider.launch(frozen(provider, request))).values()]).providerId),
    );

    expect(new Set(ids).size).toBe(1);
    expect(cloud.snapshot()).toHaveLength(1);
  });

  it('see their own machines only when the incarnation differs', async () => {
    const cloud = new SimulatedCloud();
    const before = new Simulator({ cloud, cellName: 'ec2', incarnation: 'first' });
    const after = new Simulator({ cloud, cellName: 'ec2', incarnation: 'second' });
    await launched(before);

    expect((await before.list()).instances).toHaveLength(1);
    expect((await after.list()).instances).toEqual([]);
  });

  it('remember refusals each for itself, as processes would', async () => {
    const cloud = new SimulatedCloud();
    const [one, other] = [new Simulator({ cloud }), new Simulator({ cloud })];
    cloud.fill('zone-a');
    await launched(one).catch(() => undefined);

    expect(await one.offerings(aRequest())).toEqual([inZone('zone-b')]);
    expect(await other.offerings(aRequest())).toHaveLength(2);
  });
});

describe('a snapshot', () => {
  it('knows for whom each machine is, also where a shared launch could not tag it', async () => {
    const cloud = new SimulatedCloud();
    const provider = new Simulator({ cloud });
    const requests = [aRequest(), aRequest()];
    await provider.launch(first(provider.freeze(requests, inZone('zone-a'), 1)));

    expect(cloud.snapshot().map(({ member }) => member)).toEqual(requests.map(({ uuid }) => uuid));
    expect((await provider.list()).instances.map(({ uuid }) => uuid)).toEqual([null, null]);
  });
});

describe('somebody outside', () => {
  it('stops, starts, breaks and ends machines, with a reason', async () => {
    const cloud = new SimulatedCloud();
    const provider = new Simulator({ cloud });
    const machine = await launched(provider);

    cloud.stopOutside(machine.providerId, 'scheduled maintenance');
    expect((await provider.list()).instances).toMatchObject([{ state: 'stopped', reason: 'scheduled maintenance' }]);
    cloud.startOutside(machine.providerId);
    expect(await stateOf(provider, machine)).toBe('running');
    cloud.breakOutside(machine.providerId);
    expect(await stateOf(provider, machine)).toBe('error');
    cloud.terminateOutside(machine.providerId, 'spot interruption');
    expect((await provider.list()).instances).toMatchObject([{ state: 'terminated', reason: 'spot interruption', nics: [] }]);
  });

  it('ends a machine while it boots', async () => {
    const clock = new ManualClock();
    const cloud = new SimulatedCloud({ clock, bootMs: ONE_MINUTE_MS });
    const provider = new Simulator({ cloud });
    const machine = await launched(provider);

    cloud.terminateOutside(machine.providerId);
    clock.advance(2 * ONE_MINUTE_MS);

    expect(await stateOf(provider, machine)).toBe('terminated');
  });
});

describe('a lagging cloud', () => {
  it('misses young machines when it is read, and says nothing of it', async () => {
    const clock = new ManualClock();
    const provider = new Simulator({ cloud: new SimulatedCloud({ clock, lag: { readsMs: ONE_MINUTE_MS } }) });
    const machine = await launched(provider);

    expect(await stateOf(provider, machine)).toBeUndefined();
    expect(await provider.list()).toEqual({ instances: [] });

    clock.advance(ONE_MINUTE_MS);
    expect(await stateOf(provider, machine)).toBe('running');
  });

  it('takes the termination of a young machine for that of an unknown one', async () => {
    const clock = new ManualClock();
    const provider = new Simulator({ cloud: new SimulatedCloud({ clock, lag: { verbsMs: ONE_MINUTE_MS } }) });
    const machine = await launched(provider);

    await provider.terminate(machine.providerId);
    await expect(provider.stop(machine.providerId)).rejects.toMatchObject({ kind: 'not-found' });

    expect(await stateOf(provider, machine)).toBe('running');
  });

  it('answers a repeated launch all the same', async () => {
    const clock = new ManualClock();
    const provider = new Simulator({ cloud: new SimulatedCloud({ clock, lag: { readsMs: ONE_MINUTE_MS } }) });
    const launch = frozen(provider);
    await provider.launch(launch);

    expect((await provider.launch(launch)).size).toBe(1);
  });
});

describe('addresses', () => {
  it('are those asked for, one interface per network', async () => {
    const provider = new Simulator();
    const networks = [
      { networkId: 'net-1', fixedIp: '10.9.9.9', portId: null },
      { networkId: 'net-2', fixedIp: null, portId: null },
    ];

    const { nics } = await launched(provider, aRequest({ networks }));

    expect(nics.map(({ networkId, addresses }) => [networkId, first(addresses).address])).toEqual([
      ['net-1', '10.9.9.9'],
      ['net-2', '10.0.0.1'],
    ]);
  });

  it('are given to one machine at a time', async () => {
    const provider = new Simulator();
    const networks = [{ networkId: null, fixedIp: '10.0.0.1', portId: null }];
    const holder = await launched(provider, aRequest({ networks }));

    await expect(launched(provider, aRequest({ networks }))).rejects.toMatchObject({ kind: 'invalid', subject: 'network' });
    expect(first(first((await launched(provider)).nics).addresses).address).toBe('10.0.0.2');

    await provider.terminate(holder.providerId);
    await expect(launched(provider, aRequest({ networks }))).resolves.toBeDefined();
  });

  it('that are asked for keep requests of one shape apart', () => {
    const provider = new Simulator();
    const networks = [{ networkId: null, fixedIp: '10.0.0.1', portId: null }];

    expect(provider.freeze([aRequest({ networks }), aRequest({ networks })], inZone('zone-a'), 1)).toHaveLength(2);
  });
});
