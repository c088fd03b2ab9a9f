import { createServer } from 'node:net';
import { DescribeInstancesCommand, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type FaultProxy, type FaultProxyOptions, startFaultProxy } from '../../src/fake/index.js';
import type { Ec2Api, RunInstancesInput } from '../../src/ports/ec2-api.js';
import { aLaunch } from './builders.js';
import { admin, portFor, type Served, sdkFor, served } from './http-builders.js';

let endpoint: Served;
let proxy: FaultProxy;
let port: Ec2Api & { close(): void };

beforeEach(async () => {
  endpoint = await served();
  await start();
});
afterEach(async () => {
  await stop();
  await endpoint.close();
});

async function start(options: Partial<FaultProxyOptions> = {}): Promise<void> {
  proxy = await startFaultProxy({ target: endpoint.url, ...options });
  port = portFor(proxy.url);
}

async function stop(): Promise<void> {
  port.close();
  await proxy.close();
}

const launched = async (changes: Partial<RunInstancesInput> = {}): Promise<readonly string[]> =>
  (await port.runInstances(aLaunch(changes))).map(({ instanceId }) => instanceId);
const launchesBehind = () => endpoint.fake.counts().byAction.RunInstances ?? 0;

describe('the fault proxy: launches', () => {
  it('answers a repeated token itself, with the first answer', async () => {
    const first = await launched();
    const second = await launched();

    expect(second).toEqual(first);
    expect(launchesBehind()).toBe(1);
  });

  it('lets two launches with one token at the same moment be one', async () => {
    endpoint.fake.setLatency(30);

    const [first, second] = await Promise.all([launched(), launched()]);

    expect(second).toEqual(first);
    expect(launchesBehind()).toBe(1);
  });

  it('refuses a token with other parameters, and one whose machines have ended', async () => {
    const ids = await launched();

    await expect(launched({ tags: { Name: 'other' } })).rejects.toMatchObject({ code: 'IdempotentParameterMismatch' });
    await port.terminateInstances(ids);
    await expect(launched()).rejects.toMatchObject({ code: 'IdempotentInstanceTerminated', httpStatus: 400 });
    expect(launchesBehind()).toBe(1);
  });

  it('counts tokens per zone, be it named by zone or by subnet', async () => {
    const [subnet] = await port.describeSubnets({ defaultForAz: true });
    const subnetId = subnet?.subnetId ?? '';

    await launched({ availabilityZone: 'us-east-1b' });
    await launched({ subnetId });

    expect(launchesBehind()).toBe(2);
    await expect(launched({ availabilityZone: 'us-east-1a' })).rejects.toMatchObject({ code: 'IdempotentParameterMismatch' });
  });

  it('does not spend the token of a launch that was refused', async () => {
    endpoint.fake.setRoom({}, 0);
    await expect(launched()).rejects.toMatchObject({ code: 'InsufficientInstanceCapacity', httpStatus: 500 });
    endpoint.fake.setRoom({}, null);

    expect(await launched({ tags: { Name: 'changed' } })).toHaveLength(1);
  });

  it('asks the endpoint for MaxCount machines', async () => {
    endpoint.fake.setRoom({}, 2);

    await expect(launched({ minCount: 1, maxCount: 3 })).rejects.toMatchObject({ code: 'InsufficientInstanceCapacity' });
    expect(await launched({ minCount: 1, maxCount: 2 })).toHaveLength(2);
  });

  it('asks for ids where the caller filters by token', async () => {
    const ids = await launched({ clientToken: 'a', minCount: 2, maxCount: 2 });
    await launched({ clientToken: 'b' });

    const found = await port.describeInstances({ filters: { 'client-token': ['a'] }, maxResults: 5 });
    const none = await port.describeInstances({ filters: { 'client-token': ['c'] } });

    expect(found.instances.map(({ instanceId }) => instanceId)).toEqual(ids);
    expect(none.instances).toEqual([]);
  });
});

describe('the fault proxy: faults', () => {
  it('refuses before the effect', async () => {
    proxy.inject({ action: 'RunInstances', code: 'InsufficientInstanceCapacity', message: 'no room' });

    await expect(launched()).rejects.toMatchObject({ code: 'InsufficientInstanceCapacity', httpStatus: 500, message: 'no room' });
    expect(launchesBehind()).toBe(0);
  });

  it.each(['before', 'after'] as const)('loses the answer %s the effect, and the token ends in one machine', async (when) => {
    proxy.inject({ action: 'RunInstances', code: 'NetworkingError', when });

    await expect(launched()).rejects.toMatchObject({ code: 'NetworkingError' });
    expect(launchesBehind()).toBe(when === 'before' ? 0 : 1);
    expect(await launched()).toHaveLength(1);

    expect(endpoint.fake.snapshot().instances).toHaveLength(1);
  });

  it('carries a launch through though its caller has gone, and keeps the token', async () => {
    const abort = new AbortController();
    endpoint.fake.onStateChange(() => abort.abort());

    await expect(port.runInstances(aLaunch(), { signal: abort.signal })).rejects.toMatchObject({ name: 'AbortError' });

    expect(await launched()).toHaveLength(1);
    expect(endpoint.fake.snapshot().instances).toHaveLength(1);
  });

  it('throttles like AWS when asked to', async () => {
    await stop();
    await start({
      buckets: { RunInstances: { requests: { capacity: 1, perSecond: 0 }, instances: { capacity: 10, perSecond: 0 } } },
    });
    await launched();

    await expect(launched({ clientToken: 'b' })).rejects.toMatchObject({ code: 'RequestLimitExceeded', httpStatus: 503 });
    expect(launchesBehind()).toBe(1);
  });

  it('drops the connection when the endpoint is gone', async () => {
    await stop();
    await start({ target: `http://127.0.0.1:${await freePort()}` });

    await expect(launched()).rejects.toMatchObject({ code: 'NetworkingError' });
  });

  it('counts calls by what came of them', async () => {
    await launched();
    await expect(port.describeInstances({ ids: ['i-00000001'] })).rejects.toMatchObject({ code: 'InvalidInstanceID.NotFound' });

    expect(proxy.counts()).toEqual({
      total: 2,
      byAction: { RunInstances: 1, DescribeInstances: 1 },
      byOutcome: { 'RunInstances ok': 1, 'DescribeInstances InvalidInstanceID.NotFound': 1 },
    });
    proxy.reset();
    expect(proxy.counts().total).toBe(0);
  });

  it('takes its orders under /_proxy/ and hands everything else on', async () => {
    await admin(`${proxy.url}/_proxy/inject`, { action: 'DescribeImages', code: 'Unavailable' });
    await admin(`${proxy.url}/_proxy/latency`, { ms: 1 });
    await expect(port.describeImages({})).rejects.toMatchObject({ code: 'Unavailable' });

    expect(await admin(`${proxy.url}/_proxy/counts`)).toMatchObject({
      answer: { byOutcome: { 'DescribeImages Unavailable': 1 } },
    });
    expect(await admin(`${proxy.url}/_fake/room`, { free: 0 })).toMatchObject({ status: 200 });
    expect(await admin(`${proxy.url}/_fake/snapshot`)).toMatchObject({ status: 200, answer: { instances: [] } });
    await expect(launched()).rejects.toMatchObject({ code: 'InsufficientInstanceCapacity' });
  });

  it('stands a launch of the plain SDK with its own retries', async () => {
    const sdk = sdkFor(proxy.url);
    await sdk.send(new RunInstancesCommand({ ImageId: aLaunch().imageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 }));
    const { Reservations } = await sdk.send(new DescribeInstancesCommand({}));
    sdk.destroy();

    expect(Reservations).toHaveLength(1);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
