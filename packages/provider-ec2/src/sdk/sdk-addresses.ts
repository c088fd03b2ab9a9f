import {
  type Address,
  AllocateAddressCommand,
  AssociateAddressCommand,
  DescribeAddressesCommand,
  DisassociateAddressCommand,
  type EC2Client,
  ReleaseAddressCommand,
} from '@aws-sdk/client-ec2';
import type { Ec2Address, Ec2AddressApi } from '../ports/ec2-address-api.js';
import { toFilters, toTags } from './sdk-mapping.js';
import { toSdkTags } from './sdk-run-instances.js';
import { send } from './sdk-send.js';

/** {@link Ec2AddressApi} on the AWS SDK. */
export function addressCalls(client: EC2Client): Ec2AddressApi {
  return {
    async describeAddresses({ filters }, options) {
      const command = new DescribeAddressesCommand({ Filters: toFilters(filters) });
      const { Addresses } = await send(options, (http) => client.send(command, http));
      return (Addresses ?? []).map(toAddress);
    },
    async allocateAddress({ tags, publicIpv4Pool }, options) {
      const command = new AllocateAddressCommand({
        Domain: 'vpc',
        TagSpecifications: [{ ResourceType: 'elastic-ip', Tags: toSdkTags(tags) }],
        ...(publicIpv4Pool === undefined ? {} : { PublicIpv4Pool: publicIpv4Pool }),
      });
      const { AllocationId } = await send(options, (http) => client.send(command, http));
      return { allocationId: AllocationId ?? '' };
    },
    async associateAddress({ allocationId, networkInterfaceId }, options) {
      const command = new AssociateAddressCommand({
        AllocationId: allocationId,
        NetworkInterfaceId: networkInterfaceId,
        AllowReassociation: false,
      });
      await send(options, (http) => client.send(command, http));
    },
    async disassociateAddress(associationId, options) {
      const command = new DisassociateAddressCommand({ AssociationId: associationId });
      await send(options, (http) => client.send(command, http));
    },
    async releaseAddress(allocationId, options) {
      const command = new ReleaseAddressCommand({ AllocationId: allocationId });
      await send(options, (http) => client.send(command, http));
    },
  };
}

function toAddress({ AllocationId, PublicIp, AssociationId, InstanceId, NetworkInterfaceId, Tags }: Address): Ec2Address {
  return {
    allocationId: AllocationId ?? '',
    publicIp: PublicIp ?? '',
    tags: toTags(Tags),
    ...(AssociationId ? { associationId: AssociationId } : {}),
    ...(InstanceId ? { instanceId: InstanceId } : {}),
    ...(NetworkInterfaceId ? { networkInterfaceId: NetworkInterfaceId } : {}),
  };
}
