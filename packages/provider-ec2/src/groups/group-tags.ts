import { createHash } from 'node:crypto';
import { type Owner, ownershipFilter, TAG } from '../launching/tags.js';
import type { Ec2SecurityGroup, Ec2Tags } from '../ports/ec2-api.js';
import type { CreateSecurityGroupInput } from '../ports/ec2-group-api.js';

/** On EC2's security groups: the network service's group that it follows. */
export const GROUP_TAG = 'burstcell:security-group';

const MAX_TEXT = 255;
const HASH_LENGTH = 10;

/**
 * What EC2's counterpart of a group is made from. Its name is the same in every replica, so that one whose making was not
 * answered is found again by `InvalidGroup.Duplicate`, and differs between cells and incarnations.
 */
export function groupInput(owner: Owner, vpcId: string, id: string): CreateSecurityGroupInput {
  const { cellName, incarnation } = owner;
  const hash = createHash('sha256').update(`${cellName}\n${incarnation}`).digest('hex').slice(0, HASH_LENGTH);
  return {
    name: plain(`burstcell ${id} ${hash}`),
    description: plain(`Security group ${id} of cell ${cellName}. Its rules follow the network service.`),
    vpcId,
    tags: ownTags(owner, id),
  };
}

function ownTags(owner: Owner, id: string): Ec2Tags {
  const { cellName, incarnation } = owner;
  return { [TAG.cell]: cellName.slice(0, 256), [TAG.incarnation]: incarnation.slice(0, 256), [GROUP_TAG]: id };
}

/** Filter for DescribeSecurityGroups: this cell's; of these ids only, where they are given. */
export function ownGroupsFilter(owner: Owner, ids: readonly string[] = ['*']): Readonly<Record<string, readonly string[]>> {
  return { ...ownershipFilter(owner), [`tag:${GROUP_TAG}`]: ids };
}

export function followedIdOf({ tags }: Ec2SecurityGroup): string {
  return tags?.[GROUP_TAG] ?? '';
}

/** AWS: CreateSecurityGroup, GroupName and GroupDescription. */
function plain(text: string): string {
  return text.replaceAll(/[^a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]/g, '-').slice(0, MAX_TEXT);
}
