import type { Ec2Address } from '../ports/ec2-address-api.js';
import type { Ec2Image, Ec2SecurityGroup, Ec2Tags } from '../ports/ec2-api.js';
import type { Ec2Snapshot, Ec2Volume } from '../ports/ec2-storage-api.js';
import { ec2Failure } from './failures.js';
import type { Machine } from './machine.js';
import type { Machines } from './machines.js';

export type Filters = Readonly<Record<string, readonly string[]>>;

/** What a filter looks at: the values a thing has under this name. */
type Facet<T> = (thing: T) => readonly (string | undefined)[];

/** True if the thing passes all filters: one of the values of each, where `*` and `?` stand for anything. */
export type Predicate<T> = (thing: T) => boolean;

/** DescribeInstances' filters, as far as this fake has them; any other is an error rather than silence. */
export function instanceFilter(filters: Filters, machines: Machines): Predicate<Machine> {
  const facets: Readonly<Record<string, Facet<Machine>>> = {
    'availability-zone': ({ subnet }) => [subnet.zone],
    'client-token': ({ launch }) => [launch.clientToken],
    'image-id': ({ image }) => [image.imageId],
    'instance-id': ({ id }) => [id],
    'instance-lifecycle': ({ launch }) => [launch.market === 'spot' ? 'spot' : undefined],
    'instance-state-name': (machine) => [machines.shownState(machine)],
    'instance-type': ({ type }) => [type.instanceType],
    'key-name': ({ launch }) => [launch.keyName],
    'private-ip-address': (machine) => [machine.state === 'terminated' ? undefined : machine.privateIp],
    'reservation-id': ({ reservationId }) => [reservationId],
    'subnet-id': ({ subnet }) => [subnet.subnetId],
    'tag-key': ({ tags }) => Object.keys(tags),
    'vpc-id': ({ subnet }) => [subnet.vpcId],
  };
  return compile(filters, (name) => (name.startsWith('tag:') ? tagFacet(name.slice(4)) : facets[name]));
}

/** DescribeImages' filters. */
export function imageFilter(filters: Filters): Predicate<Ec2Image> {
  const facets: Readonly<Record<string, Facet<Ec2Image>>> = {
    architecture: ({ architecture }) => [architecture],
    'image-id': ({ imageId }) => [imageId],
    name: ({ name }) => [name],
    'root-device-type': () => ['ebs'],
    state: ({ state }) => [state],
    'virtualization-type': () => ['hvm'],
  };
  return compile(filters, (name) => (name.startsWith('tag:') ? tagFacet(name.slice(4)) : facets[name]));
}

/** DescribeSecurityGroups' filters. */
export function groupFilter(filters: Filters): Predicate<Ec2SecurityGroup> {
  const facets: Readonly<Record<string, Facet<Ec2SecurityGroup>>> = {
    'group-id': ({ groupId }) => [groupId],
    'group-name': ({ name }) => [name],
    'vpc-id': ({ vpcId }) => [vpcId],
  };
  return compile(filters, (name) => (name.startsWith('tag:') ? tagFacet(name.slice(4)) : facets[name]));
}

/** DescribeVolumes' filters. */
export function volumeFilter(filters: Filters): Predicate<Ec2Volume> {
  const facets: Readonly<Record<string, Facet<Ec2Volume>>> = {
    'attachment.instance-id': ({ attachments }) => attachments.map(({ instanceId }) => instanceId),
    'availability-zone': ({ zone }) => [zone],
    status: ({ state }) => [state],
    'volume-id': ({ volumeId }) => [volumeId],
  };
  return compile(filters, (name) => (name.startsWith('tag:') ? tagFacet(name.slice(4)) : facets[name]));
}

/** DescribeAddresses' filters. */
export function addressFilter(filters: Filters): Predicate<Ec2Address> {
  const facets: Readonly<Record<string, Facet<Ec2Address>>> = {
    'allocation-id': ({ allocationId }) => [allocationId],
    'instance-id': ({ instanceId }) => [instanceId],
    'public-ip': ({ publicIp }) => [publicIp],
  };
  return compile(filters, (name) => (name.startsWith('tag:') ? tagFacet(name.slice(4)) : facets[name]));
}

/** DescribeSnapshots' filters. */
export function snapshotFilter(filters: Filters): Predicate<Ec2Snapshot> {
  const facets: Readonly<Record<string, Facet<Ec2Snapshot>>> = {
    description: ({ description }) => [description],
    'snapshot-id': ({ snapshotId }) => [snapshotId],
    status: ({ state }) => [state],
  };
  return compile(filters, (name) => (name.startsWith('tag:') ? tagFacet(name.slice(4)) : facets[name]));
}

const tagFacet =
  (key: string): Facet<{ readonly tags?: Ec2Tags }> =>
  ({ tags }) => [tags?.[key]];

function compile<T>(filters: Filters, facetOf: (name: string) => Facet<T> | undefined): Predicate<T> {
  const tests = Object.entries(filters).map(([name, values]): Predicate<T> => {
    const facet = facetOf(name);
    if (facet === undefined) throw ec2Failure('InvalidParameterValue', `The filter '${name}' is invalid`);
    const matches = values.map(matcher);
    return (thing) => facet(thing).some((value) => value !== undefined && matches.some((match) => match(value)));
  });
  return (thing) => tests.every((test) => test(thing));
}

function matcher(pattern: string): (value: string) => boolean {
  if (!/[*?]/.test(pattern)) return (value) => value === pattern;
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const regex = new RegExp(`^${source}$`, 's');
  return (value) => regex.test(value);
}
