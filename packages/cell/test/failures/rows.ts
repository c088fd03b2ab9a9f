import type { FailureRow, Wanted } from './failure-row.js';

type Change = Partial<Omit<FailureRow, 'code' | 'wanted'>>;

const LAUNCH = { at: 'RunInstances', verb: 'boot', times: null } as const;

function atLaunch(codes: readonly string[], wanted: Wanted, change: Change = {}): readonly FailureRow[] {
  return codes.map((code) => ({ ...LAUNCH, code, ...change, wanted }));
}

function atAddress(at: string, codes: readonly string[], wanted: Wanted): readonly FailureRow[] {
  return codes.map((code) => ({ code, at, verb: 'boot', times: 1, hasAddress: true, wanted }));
}

function atVerb(at: string, verb: string, rows: readonly (readonly [code: string, Wanted['kind'], RegExp, text?: string])[]) {
  return rows.map(([code, kind, sees, text]): FailureRow => {
    const wanted: Wanted = { kind, sees, isNextTried: null, capacity: 'unchanged' };
    return { code, at, verb, times: 1, wanted, ...(text === undefined ? {} : { text }) };
  });
}

/** The user is told, nothing else is tried. */
function told(kind: Wanted['kind'], sees: RegExp): Wanted {
  return { kind, sees, isNextTried: false, capacity: 'unchanged' };
}

const RUNS = /^ACTIVE$/;
const FULL = { kind: 'capacity', isNextTried: true } as const;
const SPENT = { kind: 'quota', sees: /^413 This cloud's limit for such servers is reached/, isNextTried: false } as const;
const LAUNCH_PAIR = /^400 The flavor and the image do not go together/;
const RULES = /^404 A security group( rule)? of this cell is/;

const NO_ROOM: readonly FailureRow[] = [
  ...atLaunch(
    [
      'InsufficientInstanceCapacity',
      'InsufficientHostCapacity',
      'InsufficientCapacity',
      'InsufficientReservedInstanceCapacity',
      'UnfulfillableCapacity',
      'SpotMaxPriceTooLow',
    ],
    { ...FULL, sees: /^503 No room: 3 offering\(s\) were tried and refused. No room for t/, capacity: 'none for the flavor' },
  ),
  ...atLaunch(['Unsupported'], {
    ...FULL,
    sees: /^503 No room: 3 .* is not offered in us-east-1/,
    capacity: 'none for the flavor',
  }),
  ...atLaunch(['InsufficientInstanceCapacity'], { ...FULL, sees: RUNS, capacity: 'unchanged' }, { times: 1 }),
  ...atLaunch(['InsufficientFreeAddressesInSubnet'], {
    ...FULL,
    sees: /^503 No room: 3 .* No free address is left in subnet subnet-/,
    capacity: 'none',
  }),
  ...atLaunch(
    ['InsufficientFreeAddressesInSubnet', 'PrivateIpAddressLimitExceeded'],
    { ...FULL, sees: RUNS, capacity: 'less' },
    { times: 1 },
  ),
];

const LIMITS: readonly FailureRow[] = [
  ...atLaunch(['VcpuLimitExceeded', 'InstanceLimitExceeded', 'MaxFleetCountExceeded'], { ...SPENT, capacity: 'none' }),
  ...atLaunch(
    ['VcpuLimitExceeded'],
    { ...SPENT, sees: /^413 This cloud's limit of 32 for such servers/, capacity: 'none' },
    { text: 'your current vCPU limit of 32 allows' },
  ),
  ...atLaunch(['VolumeLimitExceeded', 'MaxIOPSLimitExceeded'], { ...SPENT, capacity: 'none' }),
  ...atLaunch(['AddressLimitExceeded'], {
    ...{ ...SPENT, capacity: 'none' },
    sees: /^413 This cloud's limit for public addresses is reached/,
  }),
  ...atLaunch(['MaxSpotInstanceCountExceeded'], {
    ...{ kind: 'capacity', isNextTried: false, capacity: 'none' },
    sees: /^503 No room: 1 .* limit for spot servers is reached/,
  }),
  ...atLaunch(['TagLimitExceeded'], {
    ...{ kind: 'quota', isNextTried: true, capacity: 'unchanged' },
    sees: /^413 The server carries as many tags/,
  }),
];

/** The machine runs already: it ends, unless the address comes after all. */
const ADDRESSES: readonly FailureRow[] = [
  ...atAddress('AllocateAddress', ['AddressLimitExceeded'], told('quota', /^413 This cloud's limit for public addresses/)),
  ...atAddress('AllocateAddress', ['InsufficientAddressCapacity'], told('capacity', /^503 .* no public address to give/)),
  ...atAddress('AssociateAddress', ['Gateway.NotAttached'], told('invalid', /^400 .* does not reach the internet/)),
  ...atAddress('AssociateAddress', ['Resource.AlreadyAssociated'], told('conflict', RUNS)),
  ...atAddress('AssociateAddress', ['InvalidAllocationID.NotFound'], told('not-found', RUNS)),
];

const LATER: readonly FailureRow[] = [
  ...atLaunch(
    ['RequestLimitExceeded', 'Throttling', 'ThrottlingException', 'EC2ThrottledException', 'ResourceCountExceeded'],
    told('throttled', RUNS),
    { times: 1 },
  ),
  ...atLaunch(
    ['InternalError', 'InternalFailure', 'Unavailable', 'ServiceUnavailable', 'RequestExpired', 'NetworkingError'],
    told('unavailable', RUNS),
    { times: 1 },
  ),
  ...atLaunch(['NetworkingError', 'InternalError'], told('unavailable', RUNS), { times: 1, when: 'after' }),
  ...atLaunch(
    ['RequestLimitExceeded'],
    told('throttled', /^503 build did not finish in its time. Last answer: The cloud did not/),
    {
      isHurried: true,
    },
  ),
  ...atLaunch(['NetworkingError'], told('unavailable', /^503 build did not finish in its time. Last answer: The cloud did not/), {
    isHurried: true,
  }),
];

const NOT_ALLOWED: readonly FailureRow[] = [
  ...atLaunch(
    [
      'UnauthorizedOperation',
      'AuthFailure',
      'OptInRequired',
      'PendingVerification',
      'Blocked',
      'ExpiredToken',
      'ExpiredTokenException',
      'InvalidClientTokenId',
      'MissingAuthenticationToken',
      'SignatureDoesNotMatch',
      'CredentialsUnavailable',
      'AccessDenied',
      'UnrecognizedClientException',
      'AuthException',
    ],
    { ...told('unauthorized', /^503 The cloud does not accept this cell's requests/), capacity: 'none' },
  ),
  ...atLaunch(['AssumeRoleRefused'], {
    ...told('unauthorized', /^503 The cloud does not let this cell act for your project/),
    capacity: 'none',
  }),
  ...atLaunch(['AuthFailure'], told('unauthorized', /^403 The image's copy ami-\w+ is not shared/), {
    text: 'Not authorized for images: [ami-1]',
  }),
];

const NAMED: readonly FailureRow[] = [
  ...atLaunch(
    ['InvalidAMIID.NotFound', 'InvalidAMIID.Unavailable', 'InvalidAMIID.Malformed'],
    told('not-found', /^404 The image's copy ami-\w+ is not usable/),
  ),
  ...atLaunch(['InvalidKeyPair.NotFound'], told('not-found', RUNS), { times: 1, hasKeyPair: true }),
  ...atLaunch(['InvalidKeyPair.NotFound'], told('not-found', /^404 The key pair is unknown/), { hasKeyPair: true }),
  ...atLaunch(['InvalidKeyPair.Format', 'InvalidKey.Format'], told('invalid', /^400 The key pair is of a kind/)),
  ...atLaunch(['InvalidGroup.NotFound', 'InvalidPermission.NotFound'], told('not-found', RULES)),
  ...atLaunch(['InvalidSubnetID.NotFound', 'InvalidSubnet'], told('invalid', /^400 The network for this server is not usable/)),
  ...atLaunch(['InvalidParameter'], told('invalid', /^400 The network for this server is not usable/), {
    text: 'they belong to different networks',
  }),
  ...atLaunch(['SecurityGroupsPerInterfaceLimitExceeded'], told('invalid', /^400 A server can have no more security groups/)),
  ...atLaunch(['InvalidSnapshot.NotFound'], told('not-found', /^404 The snapshot does not exist/)),
];

const WRONG: readonly FailureRow[] = [
  ...atLaunch(
    ['InvalidParameterValue', 'InvalidParameterCombination', 'InvalidParameter', 'InvalidInstanceType'],
    told('invalid', LAUNCH_PAIR),
  ),
  ...atLaunch(['InvalidBlockDeviceMapping'], told('invalid', /^400 The root disk of the flavor does not fit/)),
  ...atLaunch(['InvalidUserData.Malformed'], told('invalid', /^400 User data is not valid base64/)),
  ...atLaunch(['InvalidUserData.Malformed'], told('invalid', /^400 User data is limited to 16384 bytes/), {
    text: 'User data is limited to 16384 bytes',
  }),
  ...atLaunch(
    ['UnsupportedHibernationConfiguration'],
    told('unsupported', /^400 This flavor or image cannot be suspended in this cloud/),
  ),
  ...atLaunch(['UnsupportedOperation'], told('unsupported', /^400 The cloud cannot do this with this server/)),
  ...atLaunch(['SomethingNew'], told('invalid', /^400 The cloud refused the request \(SomethingNew\)/)),
  ...atLaunch(['IdempotentParameterMismatch', 'IdempotentInstanceTerminated'], told('conflict', RUNS), { times: 1 }),
  ...atLaunch(['IdempotentInstanceTerminated'], told('conflict', /^409 The server was terminated in the cloud while/)),
];

const DONE = /^done$/;
const IN_THE_WAY = /^Error: The server is in a state that does not allow this/;

const VERBS: readonly FailureRow[] = [
  ...atVerb('StopInstances', 'stop', [
    ['IncorrectInstanceState', 'conflict', DONE],
    ['IncorrectState', 'conflict', DONE],
    ['OperationNotPermitted', 'conflict', DONE],
    ['UnsupportedOperation', 'conflict', DONE, 'Instance is not ready to hibernate yet'],
    ['InvalidInstanceID.NotFound', 'not-found', DONE],
  ]),
  ...atVerb('ModifyInstanceAttribute', 'resize', [['InvalidInstanceAttributeValue', 'conflict', DONE]]),
  ...atVerb('CreateReplaceRootVolumeTask', 'rebuild', [['IncorrectInstanceConfiguration', 'conflict', DONE]]),
  ...atVerb('CreateImage', 'image-create', [
    ['SnapshotLimitExceeded', 'quota', /^Error: This cloud's limit for snapshots/],
    ['InvalidAMIName.Duplicate', 'conflict', /^Error: An image of that name exists/],
    ['InvalidSnapshot.InUse', 'conflict', /^Error: The snapshot is still in use/],
    ['IncorrectState', 'conflict', IN_THE_WAY],
  ]),
  ...atVerb('AttachVolume', 'volume-attach', [
    ['VolumeInUse', 'conflict', /The volume is in use/],
    ['AttachmentLimitExceeded', 'conflict', /as many volumes as its flavor allows/],
    ['InvalidVolume.NotFound', 'not-found', /The volume does not exist in the cloud/],
    ['InvalidVolume.ZoneMismatch', 'invalid', /Volume and server are in different zones/],
    ['NotImplementedByEndpoint', 'unsupported', /The cloud endpoint of this cell cannot do this/],
  ]),
  ...atVerb('AssignPrivateIpAddresses', 'add-fixed-ip', [
    ['InvalidNetworkInterfaceID.NotFound', 'not-found', /^404 The network interface does not exist/],
    ['InvalidIPAddress.InUse', 'conflict', /^409 The fixed address is in use/],
    ['InvalidPermission.Duplicate', 'conflict', /^404 A security group rule of this cell is in conflict/],
    ['InvalidGroup.Duplicate', 'conflict', /^409 A security group of this name exists/],
    ['DependencyViolation', 'conflict', /^409 Something in the cloud still uses this/],
    ['RulesPerSecurityGroupLimitExceeded', 'quota', /^413 A security group has more rules than/],
    ['SecurityGroupLimitExceeded', 'quota', /^413 This cloud's limit for security groups is reached/],
  ]),
];

/** Every failure of the table of errors, where it happens. */
export const FAILURES: readonly FailureRow[] = [
  ...NO_ROOM,
  ...LIMITS,
  ...ADDRESSES,
  ...LATER,
  ...NOT_ALLOWED,
  ...NAMED,
  ...WRONG,
  ...VERBS,
];
