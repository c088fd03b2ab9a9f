import type { Ec2Address } from '../ports/ec2-address-api.js';
import type { FakeEc2 } from './fake-ec2.js';
import { type Query, readFilters, readTags } from './query.js';
import type { XmlTree } from './xml.js';
import { tagSet } from './xml-views.js';

type Action = (fake: FakeEc2, query: Query) => Promise<XmlTree>;

const DONE: XmlTree = { return: true };

/** The Query actions on elastic addresses. */
export const addressActions: Readonly<Record<string, Action>> = {
  async DescribeAddresses(fake, query) {
    return { addressesSet: (await fake.describeAddresses({ filters: readFilters(query) })).map(addressXml) };
  },
  async AllocateAddress(fake, query) {
    const publicIpv4Pool = query.get('PublicIpv4Pool');
    const tags = readTags(query, 'elastic-ip');
    const { allocationId } = await fake.allocateAddress({ tags, ...(publicIpv4Pool === undefined ? {} : { publicIpv4Pool }) });
    return { allocationId, domain: 'vpc' };
  },
  async AssociateAddress(fake, query) {
    const [allocationId, networkInterfaceId] = [query.require('AllocationId'), query.require('NetworkInterfaceId')];
    await fake.associateAddress({ allocationId, networkInterfaceId });
    return DONE;
  },
  async DisassociateAddress(fake, query) {
    await fake.disassociateAddress(query.require('AssociationId'));
    return DONE;
  },
  async ReleaseAddress(fake, query) {
    await fake.releaseAddress(query.require('AllocationId'));
    return DONE;
  },
};

function addressXml({ tags, ...address }: Ec2Address): XmlTree {
  return { ...address, domain: 'vpc', tagSet: tagSet(tags) };
}
