import type { Ec2Instance, Ec2StateName, Ec2StopOptions } from '../ports/ec2-api.js';
import { ec2Failure } from './failures.js';
import type { FakeEc2 } from './fake-ec2.js';
import { type Query, readFilters, readTags } from './query.js';
import { addressActions } from './query-address-actions.js';
import { changeActions } from './query-change-actions.js';
import { groupActions } from './query-group-actions.js';
import { readLaunch } from './query-launch.js';
import { screenActions } from './query-screen-actions.js';
import { storageActions } from './query-storage-actions.js';
import type { FakeInstance } from './snapshot.js';
import type { XmlTree } from './xml.js';
import { imageXml, reservationXml, stateXml, subnetXml, typeXml } from './xml-views.js';

type Action = (fake: FakeEc2, query: Query) => Promise<XmlTree>;

/** Carries out a Query request for one of the port's actions; throws InvalidAction for any other. */
export async function answerAction(fake: FakeEc2, query: Query): Promise<XmlTree> {
  const name = query.require('Action');
  const action = ACTIONS.get(name);
  if (action === undefined) throw ec2Failure('InvalidAction', `The action ${name} is not valid for this web service.`);
  return action(fake, query);
}

const runInstances: Action = async (fake, query) => {
  const instances = await fake.runInstances(readLaunch(query));
  return reservationXml(withDetails(fake, instances));
};

const describeInstances: Action = async (fake, query) => {
  const maxResults = query.integer('MaxResults');
  const { instances, nextToken } = await fake.describeInstances({
    ids: query.list('InstanceId'),
    filters: readFilters(query),
    ...(maxResults === undefined ? {} : { maxResults }),
    ...nextTokenOf(query),
  });
  return { reservationSet: byReservation(withDetails(fake, instances)).map(reservationXml), nextToken };
};

type PowerVerb = 'startInstances' | 'stopInstances' | 'terminateInstances';

/** The state that a verb leads to at once, by the state before; any other stays. */
const LEADS_TO: Readonly<Record<PowerVerb, Partial<Record<Ec2StateName, Ec2StateName>>>> = {
  startInstances: { stopped: 'pending' },
  stopInstances: { running: 'stopping' },
  terminateInstances: { pending: 'shutting-down', running: 'shutting-down', stopping: 'shutting-down', stopped: 'shutting-down' },
};

function power(verb: PowerVerb): Action {
  return async (fake, query) => {
    const ids = query.list('InstanceId');
    const before = ids.map((id) => fake.instance(id)?.state ?? 'terminated');
    await fake[verb](ids, verb === 'stopInstances' ? howToStop(query) : {});
    const instancesSet = before.map((state, index) => ({
      instanceId: ids[index],
      currentState: stateXml(LEADS_TO[verb][state] ?? state),
      previousState: stateXml(state),
    }));
    return { instancesSet };
  };
}

function howToStop(query: Query): Ec2StopOptions {
  return { force: query.isTrue('Force'), hibernate: query.isTrue('Hibernate') };
}

const rebootInstances: Action = async (fake, query) => {
  await fake.rebootInstances(query.list('InstanceId'));
  return { return: true };
};

const getConsoleOutput: Action = async (fake, query) => {
  const instanceId = query.require('InstanceId');
  const { output, timestamp } = await fake.getConsoleOutput(instanceId);
  return { instanceId, timestamp, output: Buffer.from(output).toString('base64') };
};

const getPasswordData: Action = async (fake, query) => {
  const instanceId = query.require('InstanceId');
  return { instanceId, passwordData: await fake.getPasswordData(instanceId) };
};

const describeAvailabilityZones: Action = async (fake) => ({
  availabilityZoneInfo: (await fake.describeAvailabilityZones()).map(({ name, zoneId, available }) => ({
    zoneName: name,
    zoneId,
    zoneState: available ? 'available' : 'impaired',
    regionName: name.slice(0, -1),
  })),
});

const describeInstanceTypes: Action = async (fake, query) => {
  refuseFilters(query, []);
  const { types, nextToken } = await fake.describeInstanceTypes(nextTokenOf(query));
  return { instanceTypeSet: types.map(typeXml), nextToken };
};

const describeInstanceTypeOfferings: Action = async (fake, query) => {
  refuseFilters(query, []);
  if (query.get('LocationType') !== 'availability-zone') {
    throw ec2Failure('InvalidParameterValue', 'This endpoint knows offerings of availability zones only');
  }
  const { offerings, nextToken } = await fake.describeInstanceTypeOfferings(nextTokenOf(query));
  const rows = offerings.map(({ instanceType, zone }) => ({ instanceType, locationType: 'availability-zone', location: zone }));
  return { instanceTypeOfferingSet: rows, nextToken };
};

const describeSpotPriceHistory: Action = async (fake, query) => {
  refuseFilters(query, []);
  const { prices, nextToken } = await fake.describeSpotPriceHistory({
    startTime: query.require('StartTime'),
    ...nextTokenOf(query),
  });
  const rows = prices.map(({ instanceType, zone, usd }) => ({
    instanceType,
    productDescription: 'Linux/UNIX',
    spotPrice: usd.toFixed(6),
    timestamp: query.require('StartTime'),
    availabilityZone: zone,
  }));
  return { spotPriceHistorySet: rows, nextToken };
};

const describeImages: Action = async (fake, query) => {
  const images = await fake.describeImages({
    ids: query.list('ImageId'),
    owners: query.list('Owner'),
    filters: readFilters(query),
  });
  return { imagesSet: images.map(imageXml) };
};

const describeSubnets: Action = async (fake, query) => {
  refuseFilters(query, ['default-for-az']);
  const wanted = readFilters(query)['default-for-az']?.[0];
  const ids = query.list('SubnetId');
  const subnets = await fake.describeSubnets({ ids, ...(wanted === undefined ? {} : { defaultForAz: wanted === 'true' }) });
  return { subnetSet: subnets.map(subnetXml) };
};

const describeKeyPairs: Action = async (fake, query) => {
  refuseFilters(query, []);
  const pairs = await fake.describeKeyPairs(query.list('KeyName'));
  const showKey = query.isTrue('IncludePublicKey');
  return {
    keySet: pairs.map(({ name, fingerprint, publicKey }) => ({
      keyName: name,
      keyFingerprint: fingerprint,
      publicKey: showKey ? publicKey : undefined,
    })),
  };
};

const importKeyPair: Action = async (fake, query) => {
  const publicKey = Buffer.from(query.require('PublicKeyMaterial'), 'base64').toString();
  const pair = await fake.importKeyPair({ name: query.require('KeyName'), publicKey, tags: readTags(query, 'key-pair') });
  return { keyName: pair.name, keyFingerprint: pair.fingerprint };
};

const ACTIONS: ReadonlyMap<string, Action> = new Map(
  Object.entries({
    RunInstances: runInstances,
    DescribeInstances: describeInstances,
    StartInstances: power('startInstances'),
    StopInstances: power('stopInstances'),
    TerminateInstances: power('terminateInstances'),
    RebootInstances: rebootInstances,
    GetConsoleOutput: getConsoleOutput,
    GetPasswordData: getPasswordData,
    DescribeAvailabilityZones: describeAvailabilityZones,
    DescribeInstanceTypes: describeInstanceTypes,
    DescribeInstanceTypeOfferings: describeInstanceTypeOfferings,
    DescribeSpotPriceHistory: describeSpotPriceHistory,
    DescribeImages: describeImages,
    DescribeSubnets: describeSubnets,
    DescribeKeyPairs: describeKeyPairs,
    ImportKeyPair: importKeyPair,
    ...addressActions,
    ...changeActions,
    ...storageActions,
    ...groupActions,
    ...screenActions,
  }),
);

function nextTokenOf(query: Query): { readonly nextToken?: string } {
  const nextToken = query.get('NextToken');
  return nextToken === undefined ? {} : { nextToken };
}

/** A filter that is not applied would answer too much: better an error. */
function refuseFilters(query: Query, known: readonly string[]): void {
  const unknown = Object.keys(readFilters(query)).find((name) => !known.includes(name));
  if (unknown !== undefined) throw ec2Failure('InvalidParameterValue', `The filter '${unknown}' is invalid`);
}

/** What the port showed, and beside it what the port leaves out. */
function withDetails(fake: FakeEc2, instances: readonly Ec2Instance[]): readonly FakeInstance[] {
  return instances.flatMap((shown) => {
    const details = fake.instance(shown.instanceId);
    if (details === undefined) return [];
    const { reservationId, imageId, market, keyName, securityGroupIds, blockDevices } = details;
    return [{ ...shown, reservationId, imageId, market, keyName, securityGroupIds, blockDevices }];
  });
}

function byReservation(instances: readonly FakeInstance[]): readonly (readonly FakeInstance[])[] {
  const groups = new Map<string, FakeInstance[]>();
  for (const instance of instances) {
    const group = groups.get(instance.reservationId) ?? [];
    groups.set(instance.reservationId, group);
    group.push(instance);
  }
  return [...groups.values()];
}
