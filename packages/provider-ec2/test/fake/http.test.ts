import {
  CreateVpcCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypesCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { catalogue } from '../../src/fake/index.js';
import { aLaunch, IMAGE_ID } from './builders.js';
import { admin, type Served, served } from './http-builders.js';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ2DrX7M2sNgyQYKkg+Yh1w7b6k1rRk0nPpvKf0mZxQG someone@example';

let server: Served;
beforeEach(async () => {
  server = await served();
});
afterEach(() => server.close());

describe('the fake over HTTP, asked by the AWS SDK', () => {
  it('launches, describes and terminates', async () => {
    const run = await server.sdk.send(
      new RunInstancesCommand({
        ...{ ImageId: IMAGE_ID, InstanceType: 't3.micro', MinCount: 2, MaxCount: 2, ClientToken: 'token-1' },
        TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'a <b> & "c"' }] }],
      }),
    );
    const ids = run.Instances?.map(({ InstanceId }) => InstanceId ?? '') ?? [];
    const { Reservations } = await server.sdk.send(new DescribeInstancesCommand({ InstanceIds: ids }));
    const end = await server.sdk.send(new TerminateInstancesCommand({ InstanceIds: ids }));

    expect(run.ReservationId).toMatch(/^r-/);
    expect(run.Instances?.map(({ AmiLaunchIndex, State }) => [AmiLaunchIndex, State?.Name])).toEqual([
      [0, 'pending'],
      [1, 'pending'],
    ]);
    expect(Reservations).toHaveLength(1);
    expect(Reservations?.[0]?.Instances?.[0]).toMatchObject({
      State: { Name: 'running', Code: 16 },
      Tags: [{ Key: 'Name', Value: 'a <b> & "c"' }],
      Placement: { AvailabilityZone: 'us-east-1a' },
      NetworkInterfaces: [{ PrivateIpAddresses: [{ PrivateIpAddress: '172.31.0.4', Association: { PublicIp: '198.18.0.4' } }] }],
    });
    expect(end.TerminatingInstances?.[0]).toMatchObject({
      PreviousState: { Name: 'running' },
      CurrentState: { Name: 'shutting-down' },
    });
  });

  it('answers refusals with EC2’s code and status', async () => {
    server.fake.setRoom({}, 0);
    const launch = new RunInstancesCommand({ ImageId: IMAGE_ID, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 });

    await expect(server.sdk.send(launch)).rejects.toMatchObject({
      name: 'InsufficientInstanceCapacity',
      $metadata: { httpStatusCode: 500 },
      message: expect.stringContaining('t3.micro'),
    });
  });

  it('refuses an action that is not of the port', async () => {
    await expect(server.sdk.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }))).rejects.toMatchObject({
      name: 'InvalidAction',
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('refuses a filter it would not apply', async () => {
    const filtered = new DescribeInstanceTypesCommand({ Filters: [{ Name: 'bare-metal', Values: ['false'] }] });

    await expect(server.sdk.send(filtered)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  it('answers a request that is none with an error, not with silence', async () => {
    const response = await fetch(server.url);

    expect(response.status).toBe(400);
    expect(await response.text()).toContain('<Code>MissingParameter</Code>');
  });

  it('closes the connection where the answer is to be lost', async () => {
    server.fake.inject({ action: 'RunInstances', code: 'NetworkingError', when: 'after' });

    await expect(server.port.runInstances(aLaunch())).rejects.toMatchObject({ code: 'NetworkingError' });

    expect(await server.port.runInstances(aLaunch())).toMatchObject([{ launchIndex: 0 }]);
    expect(server.fake.snapshot().instances).toHaveLength(1);
  });
});

describe('the port over HTTP', () => {
  it('says the same as the fake in memory, whatever was launched', async () => {
    const { port, fake } = server;
    const launch = aLaunch({
      ...{ clientToken: 'full', minCount: 2, maxCount: 3, market: 'spot', keyName: 'k', imdsV2Required: true },
      ...{ availabilityZone: 'us-east-1b', securityGroupIds: ['sg-0a1b2c3d4e5f60001'], iamInstanceProfile: 'web' },
      ...{ userData: Buffer.from('#!/bin/sh\n').toString('base64'), tags: { Name: 'ünï', empty: '' } },
      rootDevice: { deviceName: '/dev/xvda', sizeGb: 20, volumeType: 'gp3', encrypted: true, isKept: true },
      moreDevices: [{ deviceName: '/dev/sdb', sizeGb: 5 }],
    });
    await port.importKeyPair({ name: 'k', publicKey: KEY, tags: { a: 'b' } });

    const ids = (await port.runInstances(launch)).map(({ instanceId }) => instanceId);
    await port.stopInstances([ids[0] ?? '']);
    await port.terminateInstances([ids[1] ?? '']);

    expect(await port.describeInstances({ ids })).toEqual(await fake.describeInstances({ ids }));
    expect(ids).toHaveLength(3);
    expect((await fake.runInstances(launch)).map(({ instanceId }) => instanceId)).toEqual(ids);
  });

  it('pages and filters as in memory', async () => {
    const { port } = server;
    await port.runInstances(aLaunch({ clientToken: 'a', minCount: 7, maxCount: 7 }));
    await port.runInstances(aLaunch({ clientToken: 'b', tags: {} }));
    const filters = { 'tag:Name': ['web'], 'instance-state-name': ['running'] };

    const first = await port.describeInstances({ filters, maxResults: 5 });
    const second = await port.describeInstances({ filters, maxResults: 5, nextToken: first.nextToken ?? '' });

    expect([first.instances.length, second.instances.length, second.nextToken]).toEqual([5, 2, undefined]);
  });

  it('gives catalogue, offerings, zones, images, subnets and key pairs as in memory', async () => {
    const { port, fake } = server;
    const pair = await port.importKeyPair({ name: 'k', publicKey: KEY, tags: {} });
    const page = await port.describeInstanceTypes({});
    const rest = await port.describeInstanceTypes({ nextToken: page.nextToken ?? '' });

    expect([...page.types, ...rest.types].map(({ accelerators: _, ...type }) => type)).toEqual(catalogue);
    expect(await port.describeInstanceTypeOfferings({})).toEqual(await fake.describeInstanceTypeOfferings({}));
    expect(await port.describeAvailabilityZones()).toEqual(await fake.describeAvailabilityZones());
    expect(await port.describeImages({ owners: ['amazon'] })).toEqual(await fake.describeImages({ owners: ['amazon'] }));
    const since = { startTime: '2026-01-01T00:00:00.000Z' };
    expect(await port.describeSpotPriceHistory(since)).toEqual(await fake.describeSpotPriceHistory(since));
    expect(await port.describeSubnets({ defaultForAz: true })).toEqual(await fake.describeSubnets({ defaultForAz: true }));
    expect(await port.describeKeyPairs(['k'])).toEqual([{ ...pair, publicKey: KEY }]);
  });

  it('starts, reboots and shows the console', async () => {
    const { port } = server;
    const [machine] = await port.runInstances(aLaunch());
    const id = machine?.instanceId ?? '';
    await port.rebootInstances([id]);
    await port.stopInstances([id], { force: true });
    await port.startInstances([id]);
    server.fake.setConsole(id, 'line 1\r\nläst line \u001b[0m');

    expect((await port.getConsoleOutput(id)).output).toBe('line 1\r\nläst line \u001b[0m');
    expect(await port.describeInstances({ ids: [id] })).toMatchObject({ instances: [{ state: 'running' }] });
  });
});

describe('the controls under /_fake/', () => {
  it('change and show the fake', async () => {
    const post = (path: string, body: unknown) => admin(`${server.url}/_fake/${path}`, body);
    await post('room', { zone: 'us-east-1a', free: 0 });
    await post('quota', { vcpus: 2 });
    await post('inject', { action: 'DescribeImages', code: 'Unavailable', times: null });

    const [machine] = await server.port.runInstances(aLaunch());
    await expect(server.port.runInstances(aLaunch({ clientToken: 'b' }))).rejects.toMatchObject({ code: 'VcpuLimitExceeded' });
    await expect(server.port.describeImages({})).rejects.toMatchObject({ code: 'Unavailable', httpStatus: 503 });
    await post('terminate', { instanceId: machine?.instanceId });

    expect(machine?.availabilityZone).toBe('us-east-1b');
    expect(await admin(`${server.url}/_fake/snapshot`)).toMatchObject({
      answer: { states: { terminated: 1 }, calls: { total: 3 } },
    });
    expect(await post('reset', {})).toEqual({ status: 200, answer: null });
    expect(await admin(`${server.url}/_fake/counts`)).toMatchObject({ answer: { total: 0 } });
  });

  it.each([
    ['a body that is no JSON', 'inject', 'nonsense', 'the body must be a JSON object'],
    ['an injection without a code', 'inject', { action: 'RunInstances' }, "'code' must be a string"],
    ['a market that is none', 'room', { market: 'futures', free: 0 }, "'market' must be one of on-demand, spot"],
    ['a negative limit', 'quota', { vcpus: -1 }, "'vcpus' must be a number from 0"],
  ])('refuse %s and say why', async (_, path, body, error) => {
    expect(await admin(`${server.url}/_fake/${path}`, body)).toEqual({ status: 400, answer: { error } });
  });

  it('say what there is when asked for what is not', async () => {
    expect(await admin(`${server.url}/_fake/wishes`)).toMatchObject({
      status: 404,
      answer: { paths: expect.arrayContaining(['POST inject']) },
    });
  });
});

it('throttles over HTTP as in memory', async () => {
  const { port, close } = await served({ buckets: { DescribeSubnets: { requests: { capacity: 1, perSecond: 0 } } } });
  await port.describeSubnets({});

  await expect(port.describeSubnets({})).rejects.toMatchObject({ code: 'RequestLimitExceeded', httpStatus: 503 });
  await close();
});
