import type { ProviderErrorKind, ProviderSubject } from '@burstcell/provider';

/**
 * What a refusal of a launch says about other launches; remembered for a while under that name. `account`: all are likely
 * to fail, so no room is reported; each is still tried, for its own refusal tells the user more.
 */
export type RefusalScope = 'offering' | 'subnet' | 'quota' | 'account';

export interface ErrorRow {
  /** EC2's code; a trailing `*` stands for any ending. */
  readonly code: string;
  /** Looked at only where AWS uses one code for several failures. */
  readonly text?: RegExp;
  readonly kind: ProviderErrorKind;
  readonly subject?: ProviderSubject;
  /** Says what happened and what to do; `{zone}`, `{instanceType}`, `{image}`, `{subnet}` and `{limit}` are filled in. */
  readonly user: string;
  readonly faultCode?: number;
  readonly refuses?: RefusalScope;
}

const NO_ROOM = 'No room for {instanceType} in {zone} at the moment; try again later, or another flavor or zone.';
const ASK = 'ask your cloud operator';
const CANNOT_REACH = `The cloud does not accept this cell's requests at the moment; ${ASK}.`;
const IMAGE_GONE = `The image's copy {image} is not usable in this region; choose another image or ${ASK}.`;
const QUOTA = `This cloud's limit{limit} for such servers is reached; delete some or ${ASK} to raise it.`;
const NO_SERIAL = 'Servers of this flavor have no serial console in this cloud; use another flavor.';
const LATER = 'The cloud did not answer in time; try again later.';
const WRONG_STATE = 'The server is in a state that does not allow this; look at it again and repeat.';

const capacity = { kind: 'capacity', faultCode: 503 } as const;
const quota = { kind: 'quota', faultCode: 413, refuses: 'quota', user: QUOTA } as const;
const throttled = { kind: 'throttled', user: LATER } as const;
const unavailable = { kind: 'unavailable', user: LATER } as const;
const unauthorized = { kind: 'unauthorized', faultCode: 503, refuses: 'account', user: CANNOT_REACH } as const;
const gone = { kind: 'not-found', faultCode: 404 } as const;
const image = { kind: 'not-found', subject: 'image', user: IMAGE_GONE } as const;
const state = { kind: 'conflict', subject: 'instance', user: WRONG_STATE } as const;
const invalidParameters = {
  kind: 'invalid',
  user: 'The flavor and the image do not go together in this cloud (architecture, boot mode or size); choose another pair.',
} as const;
const keyPair = {
  kind: 'invalid',
  subject: 'key-pair',
  user: 'The key pair is of a kind this cloud does not take; use an RSA or ED25519 key.',
} as const;
const network = {
  kind: 'invalid',
  subject: 'network',
  user: `The network for this server is not usable in this cloud; ${ASK}.`,
} as const;
const volume = { subject: 'volume', faultCode: 400 } as const;

/**
 * AWS failure → ours (AWS: "Error codes for the Amazon EC2 API"). First match wins, rows with
 * a text stand before their code's general row.
 */
export const EC2_ERRORS: readonly ErrorRow[] = [
  { code: 'InsufficientInstanceCapacity', ...capacity, refuses: 'offering', user: NO_ROOM },
  { code: 'InsufficientHostCapacity', ...capacity, refuses: 'offering', user: NO_ROOM },
  { code: 'InsufficientCapacity', ...capacity, refuses: 'offering', user: NO_ROOM },
  { code: 'InsufficientReservedInstanceCapacity', ...capacity, refuses: 'offering', user: NO_ROOM },
  { code: 'UnfulfillableCapacity', ...capacity, refuses: 'offering', user: NO_ROOM },
  {
    code: 'Unsupported',
    ...capacity,
    refuses: 'offering',
    user: '{instanceType} is not offered in {zone}; try another zone or flavor.',
  },
  { code: 'SpotMaxPriceTooLow', ...capacity, refuses: 'offering', user: NO_ROOM },
  {
    code: 'MaxSpotInstanceCountExceeded',
    ...capacity,
    refuses: 'quota',
    user: `This cloud's limit for spot servers is reached; boot without the spot hint or ${ASK}.`,
  },
  {
    code: 'InsufficientFreeAddressesInSubnet',
    ...capacity,
    subject: 'network',
    refuses: 'subnet',
    user: 'No free address is left in subnet {subnet} ({zone}); try another zone or delete servers there.',
  },
  {
    code: 'PrivateIpAddressLimitExceeded',
    ...capacity,
    subject: 'network',
    refuses: 'subnet',
    user: 'No further address can be given in subnet {subnet} ({zone}); try another zone.',
  },
  { code: 'VcpuLimitExceeded', ...quota },
  { code: 'InstanceLimitExceeded', ...quota },
  { code: 'MaxFleetCountExceeded', ...quota },
  {
    code: 'AddressLimitExceeded',
    ...quota,
    subject: 'network',
    user: `This cloud's limit for public addresses is reached; delete servers that have one or ${ASK} to raise it.`,
  },
  {
    code: 'InsufficientAddressCapacity',
    ...capacity,
    subject: 'network',
    user: `This cloud has no public address to give at the moment; try again later or ${ASK}.`,
  },
  { code: 'VolumeLimitExceeded', ...quota, subject: 'volume' },
  { code: 'MaxIOPSLimitExceeded', ...quota, subject: 'volume' },
  {
    code: 'SnapshotLimitExceeded',
    kind: 'quota',
    faultCode: 413,
    subject: 'volume',
    user: `This cloud's limit for snapshots is reached; delete some or ${ASK} to raise it.`,
  },
  {
    code: 'TagLimitExceeded',
    kind: 'quota',
    faultCode: 413,
    user: `The server carries as many tags as this cloud takes; ${ASK}.`,
  },

  { code: 'RequestLimitExceeded', ...throttled },
  { code: 'Throttling', ...throttled },
  { code: 'ThrottlingException', ...throttled },
  { code: 'EC2ThrottledException', ...throttled },
  { code: 'ResourceCountExceeded', ...throttled },

  { code: 'InternalError', ...unavailable },
  { code: 'InternalFailure', ...unavailable },
  { code: 'Unavailable', ...unavailable },
  { code: 'ServiceUnavailable', ...unavailable },
  { code: 'RequestExpired', ...unavailable },
  { code: 'NetworkingError', ...unavailable },

  {
    code: 'AuthFailure',
    text: /not authorized for images/i,
    kind: 'unauthorized',
    subject: 'image',
    faultCode: 403,
    user: `The image's copy {image} is not shared with this cell; choose another image or ${ASK}.`,
  },
  { code: 'UnauthorizedOperation', ...unauthorized },
  { code: 'AuthFailure', ...unauthorized },
  { code: 'OptInRequired', ...unauthorized },
  { code: 'PendingVerification', ...unauthorized },
  { code: 'Blocked', ...unauthorized },
  { code: 'ExpiredToken', ...unauthorized },
  { code: 'ExpiredTokenException', ...unauthorized },
  { code: 'InvalidClientTokenId', ...unauthorized },
  { code: 'MissingAuthenticationToken', ...unauthorized },
  { code: 'SignatureDoesNotMatch', ...unauthorized },
  { code: 'CredentialsUnavailable', ...unauthorized },
  {
    code: 'AssumeRoleRefused',
    ...unauthorized,
    user: `The cloud does not let this cell act for your project at the moment; ${ASK}.`,
  },
  // What CloudWatch and Systems Manager say, the latter with status 400.
  { code: 'AccessDenied*', ...unauthorized },
  { code: 'UnrecognizedClientException', ...unauthorized },

  { code: 'InvalidAMIID.*', ...image },
  {
    code: 'InvalidKeyPair.NotFound',
    kind: 'not-found',
    subject: 'key-pair',
    user: 'The key pair is unknown in this cloud; create it again.',
  },
  { code: 'InvalidKeyPair.Format', ...keyPair },
  { code: 'InvalidKey.Format', ...keyPair },
  {
    code: 'InvalidGroup.NotFound',
    kind: 'not-found',
    subject: 'security-group',
    user: `A security group of this cell is missing; ${ASK}.`,
  },
  {
    code: 'RulesPerSecurityGroupLimitExceeded',
    kind: 'quota',
    subject: 'security-group',
    faultCode: 413,
    user: `A security group has more rules than this cloud takes (usually 60 each way); remove some or ${ASK} to raise it.`,
  },
  {
    code: 'SecurityGroupsPerInterfaceLimitExceeded',
    kind: 'invalid',
    subject: 'security-group',
    user: `A server can have no more security groups in this cloud (usually 5 in all); name fewer or ${ASK} to raise it.`,
  },
  {
    code: 'SecurityGroupLimitExceeded',
    kind: 'quota',
    subject: 'security-group',
    faultCode: 413,
    user: `This cloud's limit for security groups is reached; use one that servers have already, or ${ASK} to raise it.`,
  },
  {
    code: 'InvalidGroup.Duplicate',
    kind: 'conflict',
    subject: 'security-group',
    user: `A security group of this name exists in the cloud; ${ASK}.`,
  },
  {
    code: 'DependencyViolation',
    kind: 'conflict',
    user: 'Something in the cloud still uses this; try again when it is gone.',
  },
  {
    code: 'InvalidPermission.NotFound',
    kind: 'not-found',
    subject: 'security-group',
    user: `A security group rule of this cell is missing; ${ASK}.`,
  },
  {
    code: 'InvalidPermission.*',
    kind: 'conflict',
    subject: 'security-group',
    faultCode: 404,
    user: `A security group rule of this cell is in conflict; ${ASK}.`,
  },
  { code: 'InvalidSubnetID.NotFound', ...network },
  { code: 'InvalidSubnet', ...network },
  { code: 'InvalidParameter', text: /belong to different networks/i, ...network },
  {
    code: 'Gateway.NotAttached',
    ...network,
    user: `The network for this server does not reach the internet, so it can have no public address; ${ASK}.`,
  },
  {
    code: 'InvalidAllocationID.NotFound',
    ...gone,
    subject: 'network',
    user: 'The public address does not exist in the cloud any more.',
  },
  { code: 'Resource.AlreadyAssociated', ...network, kind: 'conflict', user: 'The public address is in use by another server.' },
  { code: 'InvalidIPAddress.InUse', ...network, kind: 'conflict', user: 'The fixed address is in use; choose another or none.' },

  {
    code: 'InvalidInstanceID.*',
    kind: 'not-found',
    subject: 'instance',
    user: 'The server does not exist in the cloud any more.',
  },
  {
    code: 'IncorrectInstanceConfiguration',
    ...state,
    user: `The server has no root disk in the cloud; ${ASK}.`,
  },
  { code: 'InvalidInstanceAttributeValue', ...state },
  {
    code: 'InvalidNetworkInterfaceID.*',
    ...gone,
    subject: 'network',
    user: 'The network interface does not exist in the cloud any more.',
  },
  { code: 'IncorrectInstanceState', ...state },
  { code: 'IncorrectState', ...state },
  {
    code: 'OperationNotPermitted',
    kind: 'conflict',
    subject: 'instance',
    user: `The server is protected against this in the cloud; ${ASK}.`,
  },

  {
    code: 'InvalidUserData.Malformed',
    text: /limited to/i,
    kind: 'invalid',
    subject: 'user-data',
    user: 'User data is limited to 16384 bytes in this cloud; make it smaller or let it fetch the rest.',
  },
  {
    code: 'InvalidUserData.Malformed',
    kind: 'invalid',
    subject: 'user-data',
    user: 'User data is not valid base64; encode it again.',
  },
  { code: 'InvalidParameterValue', ...invalidParameters },
  { code: 'InvalidParameterCombination', ...invalidParameters },
  { code: 'InvalidParameter', ...invalidParameters },
  {
    code: 'InvalidBlockDeviceMapping',
    ...invalidParameters,
    user: 'The root disk of the flavor does not fit the image; choose a larger flavor.',
  },
  { code: 'InvalidInstanceType', ...invalidParameters, subject: 'flavor' },

  {
    code: 'IdempotentParameterMismatch',
    kind: 'conflict',
    user: `This launch was begun differently before; boot again or ${ASK}.`,
  },
  {
    code: 'IdempotentInstanceTerminated',
    kind: 'conflict',
    user: 'The server was terminated in the cloud while it was launched; boot again.',
  },

  { code: 'VolumeInUse', ...volume, kind: 'conflict', user: 'The volume is in use; detach it first.' },
  {
    code: 'AttachmentLimitExceeded',
    ...volume,
    kind: 'conflict',
    user: 'The server holds as many volumes as its flavor allows; detach one first.',
  },
  { code: 'InvalidSnapshot.NotFound', ...gone, subject: 'image', user: 'The snapshot does not exist in the cloud any more.' },
  { code: 'InvalidSnapshot.InUse', kind: 'conflict', subject: 'image', user: 'The snapshot is still in use by an image.' },
  { code: 'InvalidAMIName.Duplicate', kind: 'conflict', subject: 'image', user: 'An image of that name exists in the cloud.' },
  {
    code: 'InvalidVolume.ZoneMismatch',
    ...volume,
    kind: 'invalid',
    user: 'Volume and server are in different zones; boot in the zone of the volume.',
  },
  {
    code: 'InvalidVolume.NotFound',
    ...volume,
    kind: 'not-found',
    user: 'The volume does not exist in the cloud.',
    faultCode: 404,
  },

  {
    code: 'UnsupportedHibernationConfiguration',
    kind: 'unsupported',
    user: 'This flavor or image cannot be suspended in this cloud; stop the server instead.',
  },
  {
    code: 'UnsupportedOperation',
    text: /not ready to hibernate/i,
    kind: 'conflict',
    subject: 'instance',
    user: 'The server is not ready to be suspended yet; try again some minutes after its boot.',
  },
  {
    code: 'UnsupportedOperation',
    kind: 'unsupported',
    user: 'The cloud cannot do this with this server; stop it first or use another flavor.',
  },
  {
    code: 'EC2InstanceNotFoundException',
    ...gone,
    subject: 'instance',
    user: 'The server does not exist in the cloud any more.',
  },
  { code: 'EC2InstanceStateInvalidException', ...state, user: 'The server has no console while it does not run.' },
  { code: 'EC2InstanceUnavailableException', ...unavailable },
  { code: 'EC2InstanceTypeInvalidException', kind: 'unsupported', user: NO_SERIAL },
  { code: 'SerialConsoleSessionUnsupportedException', kind: 'unsupported', user: NO_SERIAL },
  {
    code: 'SerialConsoleAccessDisabledException',
    kind: 'unauthorized',
    faultCode: 503,
    user: `The cloud does not let this cell open serial consoles; ${ASK}.`,
  },
  {
    code: 'SerialConsoleSessionLimitExceededException',
    kind: 'conflict',
    subject: 'instance',
    user: 'Somebody else is at this console; try again when they have left.',
  },
  { code: 'SerialConsoleSessionUnavailableException', ...unavailable },
  { code: 'AuthException', ...unauthorized },
  { code: 'NotImplementedByEndpoint', kind: 'unsupported', user: 'The cloud endpoint of this cell cannot do this.' },
];
