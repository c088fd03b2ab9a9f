import type { ProviderErrorKind } from '@burstcell/provider';
import type { ProviderVerb } from '@burstcell/provider/conformance';

/** What EC2 says for each kind of the contract. */
export const CODE_OF: Readonly<Record<ProviderErrorKind | 'connection-reset', string>> = {
  capacity: 'InsufficientInstanceCapacity',
  quota: 'VcpuLimitExceeded',
  throttled: 'RequestLimitExceeded',
  unavailable: 'InternalError',
  unauthorized: 'UnauthorizedOperation',
  'not-found': 'InvalidInstanceID.NotFound',
  invalid: 'InvalidParameterValue',
  conflict: 'IncorrectInstanceState',
  unsupported: 'UnsupportedOperation',
  'connection-reset': 'NetworkingError',
};

/** Stands in for the abilities that EC2 has no action for: nothing is injected there. */
const NOT_ON_EC2 = 'NotOnEc2';

/** The EC2 action that a verb of the contract ends in: of a change in several steps, the one that makes it. */
export const ACTION_OF: Readonly<Record<ProviderVerb, string>> = {
  shape: 'DescribeAvailabilityZones',
  offerings: 'DescribeImages',
  launch: 'RunInstances',
  describe: 'DescribeInstances',
  list: 'DescribeInstances',
  start: 'StartInstances',
  stop: 'StopInstances',
  reboot: 'RebootInstances',
  terminate: 'TerminateInstances',
  consoleOutput: 'GetConsoleOutput',
  pause: NOT_ON_EC2,
  unpause: NOT_ON_EC2,
  suspend: 'StopInstances',
  resume: 'StartInstances',
  sizes: 'DescribeInstanceTypes',
  resize: 'ModifyInstanceAttribute',
  resolveImage: 'DescribeImages',
  rebuild: 'CreateReplaceRootVolumeTask',
  rescue: 'CreateReplaceRootVolumeTask',
  unrescue: 'AttachVolume',
  snapshot: 'CreateImage',
  describeSnapshots: 'DescribeImages',
  deleteSnapshot: 'DeregisterImage',
  encryptedPassword: 'GetPasswordData',
  setPassword: 'SendCommand',
  diagnostics: 'DescribeInstanceStatus',
  bandwidth: 'GetMetricData',
  connectConsole: NOT_ON_EC2,
  validateConsole: NOT_ON_EC2,
  openSerial: 'SendSerialConsoleSSHPublicKey',
  describeVolumes: 'DescribeVolumes',
  bootFromVolume: 'AttachVolume',
  attachVolume: 'AttachVolume',
  detachVolume: 'DetachVolume',
  addFixedIp: 'AssignPrivateIpAddresses',
  removeFixedIp: 'UnassignPrivateIpAddresses',
  protect: 'ModifyInstanceAttribute',
  label: 'CreateTags',
  changes: NOT_ON_EC2,
  unowned: 'DescribeInstances',
  adopt: 'CreateTags',
  release: 'DeleteTags',
  leftovers: 'DescribeVolumes',
  deleteLeftover: 'DeleteVolume',
};
