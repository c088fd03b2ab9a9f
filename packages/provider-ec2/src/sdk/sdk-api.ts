import {
  DescribeAvailabilityZonesCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypeOfferingsCommand,
  DescribeInstanceTypesCommand,
  DescribeKeyPairsCommand,
  DescribeSecurityGroupsCommand,
  DescribeSpotPriceHistoryCommand,
  DescribeSubnetsCommand,
  type EC2Client,
  GetConsoleOutputCommand,
  GetPasswordDataCommand,
  ImportKeyPairCommand,
  RebootInstancesCommand,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import type { Ec2Api, Ec2KeyPair } from '../ports/ec2-api.js';
import { addressCalls } from './sdk-addresses.js';
import { changeCalls } from './sdk-changes.js';
import { makeSdkClient, type SdkSettings } from './sdk-client.js';
import { connectCalls } from './sdk-connect.js';
import { groupCalls, toSecurityGroup } from './sdk-groups.js';
import { toFilters, toImage, toInstances, toInstanceType, toSpotPrice, toSubnet, toZone } from './sdk-mapping.js';
import { toRunInstancesRequest, toSdkTags } from './sdk-run-instances.js';
import { screenCalls } from './sdk-screen.js';
import { send } from './sdk-send.js';
import { storageCalls } from './sdk-storage.js';

/** AWS's largest page of DescribeInstanceTypes. */
const TYPES_PAGE = 100;
/** AWS's largest page of DescribeInstanceTypeOfferings. */
const OFFERINGS_PAGE = 1_000;

/** AWS's largest page of DescribeSpotPriceHistory. */
const SPOT_PRICES_PAGE = 1_000;

/** {@link Ec2Api} on the AWS SDK: one request per call, never repeated. `close` ends its sockets. */
export function makeSdkApi(settings: SdkSettings): Ec2Api & { close(): void } {
  const client = makeSdkClient(settings);
  const connect = connectCalls(settings);
  const calls = {
    ...instances(client),
    ...facts(client),
    ...keyPairs(client),
    ...changeCalls(client),
    ...storageCalls(client),
    ...groupCalls(client),
    ...addressCalls(client),
  };
  const close = () => {
    client.destroy();
    connect.close();
  };
  return { ...calls, ...screenCalls(client), ...connect.calls, close };
}

type InstanceCalls = Pick<
  Ec2Api,
  | 'runInstances'
  | 'describeInstances'
  | 'startInstances'
  | 'stopInstances'
  | 'rebootInstances'
  | 'terminateInstances'
  | 'getConsoleOutput'
  | 'getPasswordData'
>;

function instances(client: EC2Client): InstanceCalls {
  return {
    async runInstances(input, options) {
      const answer = await send(options, (http) => client.send(new RunInstancesCommand(toRunInstancesRequest(input)), http));
      return toInstances(answer);
    },
    async describeInstances({ ids, filters, maxResults, nextToken }, options) {
      const command = new DescribeInstancesCommand({
        InstanceIds: ids && [...ids],
        Filters: toFilters(filters),
        MaxResults: maxResults,
        NextToken: nextToken,
      });
      const { Reservations, NextToken } = await send(options, (http) => client.send(command, http));
      return { instances: (Reservations ?? []).flatMap(toInstances), ...next(NextToken) };
    },
    async startInstances(ids, options) {
      await send(options, (http) => client.send(new StartInstancesCommand({ InstanceIds: [...ids] }), http));
    },
    async stopInstances(ids, options) {
      const how = { ...(options?.force ? { Force: true } : {}), ...(options?.hibernate ? { Hibernate: true } : {}) };
      const command = new StopInstancesCommand({ InstanceIds: [...ids], ...how });
      await send(options, (http) => client.send(command, http));
    },
    async rebootInstances(ids, options) {
      await send(options, (http) => client.send(new RebootInstancesCommand({ InstanceIds: [...ids] }), http));
    },
    async terminateInstances(ids, options) {
      await send(options, (http) => client.send(new TerminateInstancesCommand({ InstanceIds: [...ids] }), http));
    },
    async getConsoleOutput(id, options) {
      const { Output, Timestamp } = await send(options, (http) =>
        client.send(new GetConsoleOutputCommand({ InstanceId: id }), http),
      );
      const output = Buffer.from(Output ?? '', 'base64').toString('utf8');
      return { output, ...(Timestamp ? { timestamp: Timestamp.toISOString() } : {}) };
    },
    async getPasswordData(id, options) {
      const { PasswordData } = await send(options, (http) => client.send(new GetPasswordDataCommand({ InstanceId: id }), http));
      return (PasswordData ?? '').trim();
    },
  };
}

type FactCalls = Pick<
  Ec2Api,
  | 'describeAvailabilityZones'
  | 'describeInstanceTypes'
  | 'describeInstanceTypeOfferings'
  | 'describeSpotPriceHistory'
  | 'describeImages'
  | 'describeSubnets'
  | 'describeSecurityGroups'
>;

function facts(client: EC2Client): FactCalls {
  return {
    async describeAvailabilityZones(options) {
      const { AvailabilityZones } = await send(options, (http) => client.send(new DescribeAvailabilityZonesCommand({}), http));
      return (AvailabilityZones ?? []).map(toZone);
    },
    async describeInstanceTypes({ nextToken }, options) {
      const command = new DescribeInstanceTypesCommand({ MaxResults: TYPES_PAGE, NextToken: nextToken });
      const { InstanceTypes, NextToken } = await send(options, (http) => client.send(command, http));
      return { types: (InstanceTypes ?? []).map(toInstanceType), ...next(NextToken) };
    },
    async describeInstanceTypeOfferings({ nextToken }, options) {
      const command = new DescribeInstanceTypeOfferingsCommand({
        LocationType: 'availability-zone',
        MaxResults: OFFERINGS_PAGE,
        NextToken: nextToken,
      });
      const { InstanceTypeOfferings, NextToken } = await send(options, (http) => client.send(command, http));
      const offerings = (InstanceTypeOfferings ?? []).map(({ InstanceType, Location }) => ({
        instanceType: InstanceType ?? '',
        zone: Location ?? '',
      }));
      return { offerings, ...next(NextToken) };
    },
    async describeSpotPriceHistory({ startTime, nextToken }, options) {
      const command = new DescribeSpotPriceHistoryCommand({
        ProductDescriptions: ['Linux/UNIX'],
        StartTime: new Date(startTime),
        MaxResults: SPOT_PRICES_PAGE,
        NextToken: nextToken,
      });
      const { SpotPriceHistory, NextToken } = await send(options, (http) => client.send(command, http));
      return { prices: (SpotPriceHistory ?? []).flatMap(toSpotPrice), ...next(NextToken) };
    },
    async describeImages({ ids, owners, filters }, options) {
      const command = new DescribeImagesCommand({
        ImageIds: ids && [...ids],
        Owners: owners && [...owners],
        Filters: toFilters(filters),
      });
      const { Images } = await send(options, (http) => client.send(command, http));
      return (Images ?? []).map(toImage);
    },
    async describeSubnets({ ids, defaultForAz }, options) {
      const filters = defaultForAz === undefined ? undefined : { 'default-for-az': [String(defaultForAz)] };
      const command = new DescribeSubnetsCommand({ SubnetIds: ids && [...ids], Filters: toFilters(filters) });
      const { Subnets } = await send(options, (http) => client.send(command, http));
      return (Subnets ?? []).map(toSubnet);
    },
    async describeSecurityGroups({ filters }, options) {
      const command = new DescribeSecurityGroupsCommand({ Filters: toFilters(filters) });
      const { SecurityGroups } = await send(options, (http) => client.send(command, http));
      return (SecurityGroups ?? []).map(toSecurityGroup);
    },
  };
}

function keyPairs(client: EC2Client): Pick<Ec2Api, 'describeKeyPairs' | 'importKeyPair'> {
  return {
    async describeKeyPairs(names, options) {
      const command = new DescribeKeyPairsCommand({ KeyNames: [...names], IncludePublicKey: true });
      const { KeyPairs } = await send(options, (http) => client.send(command, http));
      return (KeyPairs ?? []).map(toKeyPair);
    },
    async importKeyPair({ name, publicKey, tags }, options) {
      const command = new ImportKeyPairCommand({
        KeyName: name,
        PublicKeyMaterial: new TextEncoder().encode(publicKey),
        TagSpecifications: [{ ResourceType: 'key-pair', Tags: toSdkTags(tags) }],
      });
      return toKeyPair(await send(options, (http) => client.send(command, http)));
    },
  };
}

interface SdkKeyPair {
  readonly KeyName?: string | undefined;
  readonly KeyFingerprint?: string | undefined;
  readonly PublicKey?: string | undefined;
}

function toKeyPair({ KeyName, KeyFingerprint, PublicKey }: SdkKeyPair): Ec2KeyPair {
  return { name: KeyName ?? '', fingerprint: KeyFingerprint ?? '', ...(PublicKey ? { publicKey: PublicKey } : {}) };
}

/** EC2 ends paging with an absent or an empty token. */
function next(token: string | undefined): { readonly nextToken?: string } {
  return token ? { nextToken: token } : {};
}
