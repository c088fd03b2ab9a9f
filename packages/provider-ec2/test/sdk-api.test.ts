import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { makeSdkApi } from '../src/index.js';
import type { Ec2Api } from '../src/ports/ec2-api.js';

type Answer = (response: ServerResponse, form: URLSearchParams) => void;

const opened: (() => void)[] = [];
afterEach(() => {
  for (const close of opened.splice(0)) close();
});

/** The SDK before an endpoint that answers as told; `forms` is what it was asked. */
async function anEndpoint(answer: Answer, requestTimeoutMs = 2000): Promise<{ api: Ec2Api; forms: URLSearchParams[] }> {
  const forms: URLSearchParams[] = [];
  const server = createServer((request, response) => {
    readForm(request).then((form) => {
      forms.push(form);
      answer(response, form);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const api = makeSdkApi({
    region: 'us-east-1',
    endpointUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accessKeyId: 'a',
    secretAccessKey: 's',
    connectTimeoutMs: 1000,
    requestTimeoutMs,
  });
  opened.push(
    () => end(server),
    () => api.close(),
  );
  return { api, forms };
}

function end(server: Server): void {
  server.closeAllConnections();
  server.close();
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  request.setEncoding('utf8');
  let text = '';
  for await (const part of request) text += String(part);
  return new URLSearchParams(text);
}

const failure =
  (status: number, code: string, message: string): Answer =>
  (response) =>
    response
      .writeHead(status, { 'content-type': 'text/xml' })
      .end(
        `<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>r</RequestID></Response>`,
      );

const success =
  (body: string): Answer =>
  (response, form) => {
    const action = form.get('Action');
    const xml = `<${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId>${body}</${action}Response>`;
    response.writeHead(200, { 'content-type': 'text/xml' }).end(xml);
  };

const aRun = {
  clientToken: 'burst-1',
  imageId: 'ami-1',
  instanceType: 'm5.large',
  minCount: 2,
  maxCount: 2,
  market: 'on-demand',
  tags: { a: 'b' },
} as const;

function reversed<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).reverse()) as T;
}

describe('the SDK behind the port', () => {
  it('asks EC2 once when it has no room, and says its code', async () => {
    const { api, forms } = await anEndpoint(failure(500, 'InsufficientInstanceCapacity', 'no room'));

    await expect(api.runInstances(aRun)).rejects.toMatchObject({
      name: 'Ec2Error',
      code: 'InsufficientInstanceCapacity',
      message: 'no room',
      httpStatus: 500,
    });
    expect(forms).toHaveLength(1);
  });

  it.each([
    [503, 'RequestLimitExceeded'],
    [400, 'VcpuLimitExceeded'],
    [403, 'UnauthorizedOperation'],
    [400, 'InvalidInstanceID.NotFound'],
    [500, 'InternalError'],
  ])('repeats nothing and keeps the code of a %i %s', async (status, code) => {
    const { api, forms } = await anEndpoint(failure(status, code, 'text'));

    await expect(api.describeInstances({ ids: ['i-1'] })).rejects.toMatchObject({ code, httpStatus: status });
    expect(forms).toHaveLength(1);
  });

  it('takes an HTML page for an action that the endpoint lacks', async () => {
    const page =
      '<!doctype html>\n<html lang=en>\n<title>500 Internal Server Error</title>\n<h1>Internal Server Error</h1>\n<p>The server&nbsp;broke.</p>';
    const { api } = await anEndpoint((response) => response.writeHead(500, { 'content-type': 'text/html' }).end(page));

    await expect(api.describeSubnets({})).rejects.toMatchObject({ code: 'NotImplementedByEndpoint' });
  });

  it('takes an error without a code for an internal one', async () => {
    const { api } = await anEndpoint((response) => response.writeHead(502).end());

    await expect(api.describeSubnets({})).rejects.toMatchObject({ code: 'InternalError', httpStatus: 502 });
  });

  it('says that there was no answer', async () => {
    const { api, forms } = await anEndpoint((response) => response.destroy());

    await expect(api.terminateInstances(['i-1'])).rejects.toMatchObject({ code: 'NetworkingError', httpStatus: null });
    expect(forms).toHaveLength(1);
  });

  it('waits for an answer no longer than it was told', async () => {
    const { api } = await anEndpoint(() => {}, 100);

    await expect(api.terminateInstances(['i-1'])).rejects.toMatchObject({ code: 'NetworkingError' });
  });

  it('stops waiting when it is aborted', async () => {
    const { api, forms } = await anEndpoint(() => {});
    const controller = new AbortController();
    const waiting = expect(api.terminateInstances(['i-1'], { signal: controller.signal })).rejects.toThrow('enough');

    while (forms.length === 0) await new Promise((resolve) => setImmediate(resolve));
    controller.abort(new Error('enough'));

    await waiting;
  });

  it('sends a launch whole, under our token', async () => {
    const { api, forms } = await anEndpoint(success('<instancesSet/>'));

    await api.runInstances({
      ...aRun,
      subnetId: 'subnet-1',
      keyName: 'key',
      securityGroupIds: ['sg-1'],
      privateIpAddress: '10.0.0.9',
      iamInstanceProfile: 'guests',
      userData: 'aGk=',
      imdsV2Required: true,
      market: 'spot',
      rootDevice: { deviceName: '/dev/xvda', sizeGb: 20, volumeType: 'gp3', encrypted: true },
      moreDevices: [{ deviceName: '/dev/sdb', sizeGb: 5, volumeType: 'gp3', isKept: true }],
    });

    expect(Object.fromEntries(forms[0] ?? [])).toMatchObject({
      Action: 'RunInstances',
      ClientToken: 'burst-1',
      MinCount: '2',
      MaxCount: '2',
      SubnetId: 'subnet-1',
      KeyName: 'key',
      'SecurityGroupId.1': 'sg-1',
      PrivateIpAddress: '10.0.0.9',
      'IamInstanceProfile.Name': 'guests',
      UserData: 'aGk=',
      'MetadataOptions.HttpTokens': 'required',
      'InstanceMarketOptions.MarketType': 'spot',
      'BlockDeviceMapping.1.DeviceName': '/dev/xvda',
      'BlockDeviceMapping.1.Ebs.VolumeSize': '20',
      'BlockDeviceMapping.1.Ebs.DeleteOnTermination': 'true',
      'BlockDeviceMapping.1.Ebs.Encrypted': 'true',
      'BlockDeviceMapping.2.DeviceName': '/dev/sdb',
      'BlockDeviceMapping.2.Ebs.VolumeSize': '5',
      'BlockDeviceMapping.2.Ebs.DeleteOnTermination': 'false',
      'TagSpecification.1.ResourceType': 'instance',
      'TagSpecification.1.Tag.1.Key': 'a',
      'TagSpecification.4.ResourceType': 'spot-instances-request',
    });
  });

  it('sends interfaces with their subnets, groups and addresses, and the placement group', async () => {
    const { api, forms } = await anEndpoint(success('<instancesSet/>'));

    await api.runInstances({
      ...aRun,
      placementGroup: 'spread-1',
      interfaces: [
        { subnetId: 'subnet-1', securityGroupIds: ['sg-1'], privateIpAddress: '10.0.0.9' },
        { subnetId: 'subnet-2', associatePublicIp: false },
      ],
    });

    expect(Object.fromEntries(forms[0] ?? [])).toMatchObject({
      'Placement.GroupName': 'spread-1',
      'NetworkInterface.1.DeviceIndex': '0',
      'NetworkInterface.1.SubnetId': 'subnet-1',
      'NetworkInterface.1.SecurityGroupId.1': 'sg-1',
      'NetworkInterface.1.PrivateIpAddress': '10.0.0.9',
      'NetworkInterface.1.DeleteOnTermination': 'true',
      'NetworkInterface.2.DeviceIndex': '1',
      'NetworkInterface.2.AssociatePublicIpAddress': 'false',
    });
    expect(forms[0]?.has('SubnetId')).toBe(false);
  });

  it('finds security groups by filter', async () => {
    const item = '<item><groupId>sg-1</groupId><groupName>p1-web</groupName><vpcId>vpc-1</vpcId></item>';
    const { api, forms } = await anEndpoint(success(`<securityGroupInfo>${item}</securityGroupInfo>`));

    expect(await api.describeSecurityGroups({ filters: { 'group-name': ['p1-web'] } })).toEqual([
      { groupId: 'sg-1', name: 'p1-web', vpcId: 'vpc-1', tags: {}, ingress: [], egress: [] },
    ]);
    expect(Object.fromEntries(forms[0] ?? [])).toMatchObject({ 'Filter.1.Name': 'group-name', 'Filter.1.Value.1': 'p1-web' });
  });

  it('sends the same request for a launch that comes back from a row with its keys in another order', async () => {
    const { api, forms } = await anEndpoint(success('<instancesSet/>'));
    const rootDevice = { deviceName: '/dev/xvda', sizeGb: 20 };
    const tags = { b: '2', a: '1', 'burstcell:cell': 'ec2' };

    await api.runInstances({ ...aRun, rootDevice, tags });
    await api.runInstances({ ...reversed({ ...aRun, rootDevice }), tags: reversed(tags) });

    expect(forms[1]?.toString()).toBe(forms[0]?.toString());
  });

  it('reads the console as text', async () => {
    const output = Buffer.from('login: ').toString('base64');
    const { api } = await anEndpoint(success(`<output>${output}</output><timestamp>2026-01-01T00:00:00.000Z</timestamp>`));

    expect(await api.getConsoleOutput('i-1')).toEqual({ output: 'login: ', timestamp: '2026-01-01T00:00:00.000Z' });
  });

  it('reads a screen as bytes, and wakes its machine only where told to', async () => {
    const { api, forms } = await anEndpoint(success('<instanceId>i-1</instanceId><imageData>/9j/</imageData>'));

    expect([...(await api.getConsoleScreenshot({ instanceId: 'i-1' }))]).toEqual([0xff, 0xd8, 0xff]);
    await api.getConsoleScreenshot({ instanceId: 'i-1', wakeUp: true });

    expect(forms.map((form) => form.get('WakeUp'))).toEqual([null, 'true']);
  });

  it('ends paging at an empty token', async () => {
    const { api } = await anEndpoint(success('<reservationSet/><nextToken></nextToken>'));

    expect(await api.describeInstances({ filters: { 'tag:a': ['b'] }, maxResults: 200 })).toEqual({ instances: [] });
  });

  it('says that there are no credentials rather than that EC2 is away', async () => {
    const saved = { ...process.env };
    Object.assign(process.env, {
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    });
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE']) delete process.env[name];
    const api = makeSdkApi({
      region: 'us-east-1',
      endpointUrl: 'http://127.0.0.1:1',
      connectTimeoutMs: 1000,
      requestTimeoutMs: 1000,
    });

    await expect(api.describeAvailabilityZones()).rejects.toMatchObject({ code: 'CredentialsUnavailable' });

    process.env = saved;
    api.close();
  });
});

describe('elastic addresses on the SDK', () => {
  it('are tagged as they are taken, from a pool of one’s own where it is named', async () => {
    const { api, forms } = await anEndpoint(success('<allocationId>eipalloc-1</allocationId>'));

    expect(await api.allocateAddress({ tags: { 'burstcell:cell': 'ec2' } })).toEqual({ allocationId: 'eipalloc-1' });
    await api.allocateAddress({ tags: {}, publicIpv4Pool: 'ipv4pool-ec2-1' });

    expect(forms.map((form) => form.get('PublicIpv4Pool'))).toEqual([null, 'ipv4pool-ec2-1']);
    expect(forms[0]?.get('TagSpecification.1.ResourceType')).toBe('elastic-ip');
    expect(forms[0]?.get('TagSpecification.1.Tag.1.Key')).toBe('burstcell:cell');
  });

  it('are never taken away from where they are', async () => {
    const { api, forms } = await anEndpoint(success('<return>true</return>'));

    await api.associateAddress({ allocationId: 'eipalloc-1', networkInterfaceId: 'eni-1' });

    expect(Object.fromEntries(forms[0] ?? [])).toMatchObject({
      ...{ Action: 'AssociateAddress', AllocationId: 'eipalloc-1' },
      ...{ NetworkInterfaceId: 'eni-1', AllowReassociation: 'false' },
    });
  });

  it('tell where they are, and whose they are', async () => {
    const tags = '<tagSet><item><key>burstcell:cell</key><value>ec2</value></item></tagSet>';
    const where = '<associationId>eipassoc-1</associationId><networkInterfaceId>eni-1</networkInterfaceId>';
    const item = `<item><publicIp>192.0.2.1</publicIp><allocationId>eipalloc-1</allocationId>${where}${tags}</item>`;
    const { api } = await anEndpoint(success(`<addressesSet>${item}</addressesSet>`));

    expect(await api.describeAddresses({ filters: {} })).toEqual([
      {
        ...{ allocationId: 'eipalloc-1', publicIp: '192.0.2.1', tags: { 'burstcell:cell': 'ec2' } },
        ...{ associationId: 'eipassoc-1', networkInterfaceId: 'eni-1' },
      },
    ]);
  });
});
