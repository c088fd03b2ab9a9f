import type { Ec2Image, Ec2InstanceType, RunInstancesInput } from '../ports/ec2-api.js';
import type { Account } from './account.js';
import { ec2Failure } from './failures.js';
import type { Region } from './region.js';
import { checkInterfaces } from './seats.js';
import { GROUPS_PER_INTERFACE, type SecurityGroups } from './security-groups.js';
import { checkTags } from './tag-checks.js';

/** AWS: RunInstances, ClientToken. */
const MAX_TOKEN_CHARS = 64;
/** AWS: "User data is limited to 16 KB, in raw form, before it is base64-encoded". */
const MAX_USER_DATA_BYTES = 16_384;
/** What a launch names, found. */
export interface CheckedLaunch {
  readonly type: Ec2InstanceType;
  readonly image: Ec2Image;
}

/** Judges all that can be judged without looking for room; throws EC2's error for what is wrong. */
export function checkLaunch(input: RunInstancesInput, { region, keyPairs, images, securityGroups }: Account): CheckedLaunch {
  checkToken(input.clientToken);
  checkCounts(input);
  checkUserData(input.userData);
  checkTags(input.tags);
  const image = images.usable(input.imageId);
  const type = findType(input.instanceType, region);
  checkArchitecture(type, image);
  checkRootSize(input, image);
  checkHibernation(input, type);
  checkInterfaces(input);
  checkInterfaceCount(input, type);
  checkGroups(input, securityGroups);
  if (input.keyName !== undefined) keyPairs.require(input.keyName);
  return { type, image };
}

function checkToken(token: string): void {
  const isFit = token.length > 0 && token.length <= MAX_TOKEN_CHARS && /^[\x20-\x7e]+$/.test(token);
  if (!isFit) throw ec2Failure('InvalidParameterValue', `Value (${token}) for parameter clientToken is invalid.`);
}

function checkCounts({ minCount, maxCount }: RunInstancesInput): void {
  const isFit = Number.isInteger(minCount) && Number.isInteger(maxCount) && minCount >= 1 && maxCount >= minCount;
  if (!isFit)
    throw ec2Failure('InvalidParameterValue', `Value (${minCount}, ${maxCount}) for parameter minCount, maxCount is invalid.`);
}

function checkUserData(userData: string | undefined): void {
  if (userData === undefined) return;
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(userData)) {
    throw ec2Failure('InvalidUserData.Malformed', 'Invalid BASE64 encoding of user data.');
  }
  if (Buffer.from(userData, 'base64').length > MAX_USER_DATA_BYTES) {
    throw ec2Failure('InvalidUserData.Malformed', `User data is limited to ${MAX_USER_DATA_BYTES} bytes`);
  }
}

/** Throws InvalidParameterValue. */
export function findType(name: string, { types }: Region): Ec2InstanceType {
  const type = types.find(({ instanceType }) => instanceType === name);
  if (type === undefined) throw ec2Failure('InvalidParameterValue', `Invalid value '${name}' for InstanceType.`);
  return type;
}

/** Throws InvalidParameterValue. */
export function checkArchitecture(type: Ec2InstanceType, image: Ec2Image): void {
  if (type.architectures.includes(image.architecture)) return;
  throw ec2Failure(
    'InvalidParameterValue',
    `The architecture '${type.architectures.join(',')}' of the specified instance type does not match the architecture '${image.architecture}' of the specified AMI.`,
  );
}

function checkRootSize({ rootDevice }: RunInstancesInput, image: Ec2Image): void {
  if (rootDevice === undefined || rootDevice.deviceName !== image.rootDeviceName) return;
  if (rootDevice.sizeGb >= image.rootSizeGb) return;
  throw ec2Failure(
    'InvalidBlockDeviceMapping',
    `Volume of size ${rootDevice.sizeGb}GB is smaller than the image's snapshot, expect size >= ${image.rootSizeGb}GB`,
  );
}

/** AWS: "Prerequisites for EC2 instance hibernation". */
function checkHibernation({ hibernation, rootDevice }: RunInstancesInput, type: Ec2InstanceType): void {
  if (hibernation !== true) return;
  const holdsMemory = (rootDevice?.sizeGb ?? 0) * 1024 >= type.memoryMb;
  if (type.hibernationSupported && rootDevice?.encrypted === true && holdsMemory) return;
  throw ec2Failure(
    'UnsupportedHibernationConfiguration',
    `Hibernation needs an encrypted root volume that holds the memory, and an instance type that supports it (${type.instanceType}).`,
  );
}

function checkInterfaceCount({ interfaces = [] }: RunInstancesInput, { instanceType, maxInterfaces }: Ec2InstanceType): void {
  if (maxInterfaces === undefined || interfaces.length <= maxInterfaces) return;
  throw ec2Failure('AttachmentLimitExceeded', `Interface count ${interfaces.length} exceeds the limit for ${instanceType}`);
}

function checkGroups(input: RunInstancesInput, securityGroups: SecurityGroups): void {
  for (const { securityGroupIds = [] } of input.interfaces ?? [input]) {
    for (const id of securityGroupIds) securityGroups.require(id);
    if (securityGroupIds.length > GROUPS_PER_INTERFACE) {
      throw ec2Failure(
        'SecurityGroupsPerInterfaceLimitExceeded',
        'The maximum number of security groups per interface has been reached.',
      );
    }
  }
}
