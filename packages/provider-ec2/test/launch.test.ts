import type { Launch } from '@burstcell/provider';
import { describe, expect, it } from '@jest/globals';
import { createEc2Provider } from '../src/index.js';
import { aBench, aConfig, aRequest, type Bench } from './builders.js';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ1f7sB3l9fQ1n2o3p4q5r6s7t8u9v0w1x2y3z4A5B6C me';

async function frozen({ provider }: Bench, requests = [aRequest()]): Promise<Launch> {
  const [offering] = await provider.offerings(requests[0] ?? aRequest());
  const [launch] = offering ? provider.freeze(requests, offering, 1) : [];
  if (!launch) throw new Error('nothing frozen');
  return launch;
}

describe('launch', () => {
  it('answers by member, in the order of the launch index', async () => {
    const bench = aBench();
    const requests = [aRequest(), aRequest(), aRequest()];
    const machines = await bench.provider.launch(await frozen(bench, requests));

    expect([...machines.keys()]).toEqual(requests.map(({ uuid }) => uuid));
    const indexes = [...machines.values()].map(({ providerId }) => bench.fake.instance(providerId)?.launchIndex);
    expect(indexes).toEqual([0, 1, 2]);
    expect(bench.fake.counts().byAction.RunInstances).toBe(1);
  });

  it('starts as many members as there is room for, by launch index, and passes the place over for a while', async () => {
    const bench = aBench({ instanceTypeMap: { 'm1.small': ['t3.small'] }, zones: ['us-east-1a'] });
    const requests = [aRequest(), aRequest(), aRequest()];
    const launch = await frozen(bench, requests);
    bench.fake.setRoom({ zone: 'us-east-1a' }, 2);

    const machines = await bench.provider.launch(launch);

    expect([...machines.keys()]).toEqual(launch.members.slice(0, 2));
    expect(bench.fake.snapshot().instances).toHaveLength(2);
    await expect(bench.provider.offerings(aRequest())).rejects.toMatchObject({ kind: 'capacity' });
  });

  it('gives the same answer again when it was less than asked for, though there is room by now', async () => {
    const bench = aBench();
    const launch = await frozen(bench, [aRequest(), aRequest(), aRequest()]);
    bench.fake.setRoom({ zone: launch.offering.zone }, 1);
    const first = await bench.provider.launch(launch);
    bench.fake.setRoom({ zone: launch.offering.zone }, null);

    const again = await createEc2Provider(aConfig({ api: bench.fake, clock: bench.clock })).launch(launch);

    expect([...again.keys()]).toEqual([...first.keys()]);
    expect(bench.fake.snapshot().instances).toHaveLength(1);
  });

  it('does not take the machines that are seen so far for all when the reply of a shared launch is lost', async () => {
    const bench = aBench();
    const launch = await frozen(bench, [aRequest(), aRequest()]);
    bench.fake.setRoom({ zone: launch.offering.zone }, 1);
    bench.fake.inject({ action: 'RunInstances', code: 'NetworkingError', when: 'after' });

    await expect(bench.provider.launch(launch)).rejects.toMatchObject({ kind: 'unavailable' });
    expect((await bench.provider.launch(launch)).size).toBe(1);
  });

  it('is never repeated by itself when EC2 has no room', async () => {
    const bench = aBench();
    const launch = await frozen(bench);
    bench.fake.inject({ action: 'RunInstances', code: 'InsufficientInstanceCapacity', times: null });

    await expect(bench.provider.launch(launch)).rejects.toMatchObject({
      kind: 'capacity',
      userMessage: 'No room for t3.small in us-east-1a at the moment; try again later, or another flavor or zone.',
    });
    expect(bench.fake.counts().byAction.RunInstances).toBe(1);
  });

  it('finds the machines of a lost reply by their tag', async () => {
    const bench = aBench();
    const launch = await frozen(bench);
    bench.fake.inject({ action: 'RunInstances', code: 'NetworkingError', when: 'after' });

    const machines = await bench.provider.launch(launch);

    expect([...machines.keys()]).toEqual(launch.members);
    expect(bench.fake.snapshot().instances).toHaveLength(1);
  });

  it('says unavailable when the reply is lost and EC2 does not show the machines yet; the same launch settles it', async () => {
    const bench = aBench({}, { lag: { unseenMs: 60_000 } });
    const launch = await frozen(bench);
    bench.fake.inject({ action: 'RunInstances', code: 'NetworkingError', when: 'after' });

    await expect(bench.provider.launch(launch)).rejects.toMatchObject({ kind: 'unavailable', retryAfterMs: expect.any(Number) });

    expect((await bench.provider.launch(launch)).size).toBe(1);
    expect(bench.fake.snapshot().instances).toHaveLength(1);
  });

  it('empties its budget when EC2 throttles', async () => {
    const bench = aBench();
    const [first, second] = [await frozen(bench), await frozen(bench)];
    bench.fake.inject({ action: 'RunInstances', code: 'RequestLimitExceeded' });
    await expect(bench.provider.launch(first)).rejects.toMatchObject({ kind: 'throttled', retryAfterMs: 2000 });

    const waiting = bench.provider.launch(second);
    await new Promise((resolve) => setImmediate(resolve));
    expect(bench.fake.counts().byAction.RunInstances).toBe(1);

    bench.clock.advance(500);
    expect((await waiting).size).toBe(1);
  });

  it('imports the key before, once', async () => {
    const bench = aBench();
    const keyPair = { name: 'mine', publicKey: KEY };
    const launches = [await frozen(bench, [aRequest({ keyPair })]), await frozen(bench, [aRequest({ keyPair })])];

    await Promise.all(launches.map((launch) => bench.provider.launch(launch)));

    expect(bench.fake.counts().byAction.ImportKeyPair).toBe(1);
  });

  it('takes a key that another process has imported for its own', async () => {
    const bench = aBench();
    const keyPair = { name: 'mine', publicKey: KEY };
    bench.fake.inject({ action: 'ImportKeyPair', code: 'InvalidKeyPair.Duplicate', when: 'after' });

    expect((await bench.provider.launch(await frozen(bench, [aRequest({ keyPair })]))).size).toBe(1);
  });

  it('imports the key again, once, when somebody has deleted it', async () => {
    const bench = aBench();
    const launch = await frozen(bench, [aRequest({ keyPair: { name: 'mine', publicKey: KEY } })]);
    bench.fake.inject({ action: 'RunInstances', code: 'InvalidKeyPair.NotFound' });
    bench.fake.inject({ action: 'ImportKeyPair', code: 'InvalidKeyPair.Duplicate', skip: 1 });

    expect((await bench.provider.launch(launch)).size).toBe(1);
    expect(bench.fake.counts().byAction.ImportKeyPair).toBe(2);
  });

  it('starts nothing when the key cannot be imported', async () => {
    const bench = aBench();
    const launch = await frozen(bench, [aRequest({ keyPair: { name: 'mine', publicKey: KEY } })]);
    bench.fake.inject({ action: 'ImportKeyPair', code: 'InvalidKey.Format' });

    await expect(bench.provider.launch(launch)).rejects.toMatchObject({ kind: 'invalid', subject: 'key-pair' });
    expect(bench.fake.counts().byAction).not.toHaveProperty('RunInstances');
  });

  it('refuses a launch that another provider froze', async () => {
    const bench = aBench();
    const launch = { ...(await frozen(bench)), parameters: { image: 'debian' } };

    await expect(bench.provider.launch(launch)).rejects.toMatchObject({ kind: 'invalid' });
  });
});
