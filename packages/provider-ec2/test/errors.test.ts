import { ProviderError } from '@burstcell/provider';
import { describe, expect, it } from '@jest/globals';
import { EC2_ERRORS } from '../src/limits/error-table.js';
import { errorRow, toProviderError } from '../src/limits/errors.js';
import { Ec2Error } from '../src/ports/ec2-api.js';

/** code, kind, fault code, what is remembered as refused. */
const EXPECTED: readonly (readonly [code: string, kind: string, faultCode: number, refuses?: string])[] = [
  ['InsufficientInstanceCapacity', 'capacity', 503, 'offering'],
  ['InsufficientHostCapacity', 'capacity', 503, 'offering'],
  ['InsufficientCapacity', 'capacity', 503, 'offering'],
  ['InsufficientReservedInstanceCapacity', 'capacity', 503, 'offering'],
  ['UnfulfillableCapacity', 'capacity', 503, 'offering'],
  ['Unsupported', 'capacity', 503, 'offering'],
  ['SpotMaxPriceTooLow', 'capacity', 503, 'offering'],
  ['MaxSpotInstanceCountExceeded', 'capacity', 503, 'quota'],
  ['InsufficientFreeAddressesInSubnet', 'capacity', 503, 'subnet'],
  ['InsufficientAddressCapacity', 'capacity', 503],
  ['PrivateIpAddressLimitExceeded', 'capacity', 503, 'subnet'],
  ['VcpuLimitExceeded', 'quota', 413, 'quota'],
  ['InstanceLimitExceeded', 'quota', 413, 'quota'],
  ['MaxFleetCountExceeded', 'quota', 413, 'quota'],
  ['AddressLimitExceeded', 'quota', 413, 'quota'],
  ['VolumeLimitExceeded', 'quota', 413, 'quota'],
  ['MaxIOPSLimitExceeded', 'quota', 413, 'quota'],
  ['SnapshotLimitExceeded', 'quota', 413],
  ['TagLimitExceeded', 'quota', 413],
  ['RequestLimitExceeded', 'throttled', 503],
  ['Throttling', 'throttled', 503],
  ['ThrottlingException', 'throttled', 503],
  ['EC2ThrottledException', 'throttled', 503],
  ['ResourceCountExceeded', 'throttled', 503],
  ['InternalError', 'unavailable', 503],
  ['InternalFailure', 'unavailable', 503],
  ['Unavailable', 'unavailable', 503],
  ['ServiceUnavailable', 'unavailable', 503],
  ['RequestExpired', 'unavailable', 503],
  ['NetworkingError', 'unavailable', 503],
  ['UnauthorizedOperation', 'unauthorized', 503, 'account'],
  ['AuthFailure', 'unauthorized', 503, 'account'],
  ['OptInRequired', 'unauthorized', 503, 'account'],
  ['PendingVerification', 'unauthorized', 503, 'account'],
  ['Blocked', 'unauthorized', 503, 'account'],
  ['ExpiredToken', 'unauthorized', 503, 'account'],
  ['ExpiredTokenException', 'unauthorized', 503, 'account'],
  ['InvalidClientTokenId', 'unauthorized', 503, 'account'],
  ['MissingAuthenticationToken', 'unauthorized', 503, 'account'],
  ['SignatureDoesNotMatch', 'unauthorized', 503, 'account'],
  ['CredentialsUnavailable', 'unauthorized', 503, 'account'],
  ['AssumeRoleRefused', 'unauthorized', 503, 'account'],
  ['AccessDenied', 'unauthorized', 503, 'account'],
  ['AccessDeniedException', 'unauthorized', 503, 'account'],
  ['UnrecognizedClientException', 'unauthorized', 503, 'account'],
  ['InvalidAMIID.NotFound', 'not-found', 404],
  ['InvalidAMIID.Unavailable', 'not-found', 404],
  ['InvalidAMIID.Malformed', 'not-found', 404],
  ['InvalidKeyPair.NotFound', 'not-found', 404],
  ['InvalidKeyPair.Format', 'invalid', 400],
  ['InvalidKey.Format', 'invalid', 400],
  ['InvalidGroup.NotFound', 'not-found', 404],
  ['RulesPerSecurityGroupLimitExceeded', 'quota', 413],
  ['SecurityGroupsPerInterfaceLimitExceeded', 'invalid', 400],
  ['SecurityGroupLimitExceeded', 'quota', 413],
  ['InvalidGroup.Duplicate', 'conflict', 409],
  ['DependencyViolation', 'conflict', 409],
  ['InvalidPermission.NotFound', 'not-found', 404],
  ['InvalidPermission.Duplicate', 'conflict', 404],
  ['InvalidSubnetID.NotFound', 'invalid', 400],
  ['InvalidSubnet', 'invalid', 400],
  ['Gateway.NotAttached', 'invalid', 400],
  ['InvalidAllocationID.NotFound', 'not-found', 404],
  ['Resource.AlreadyAssociated', 'conflict', 409],
  ['InvalidIPAddress.InUse', 'conflict', 409],
  ['InvalidInstanceID.NotFound', 'not-found', 404],
  ['InvalidInstanceID.Malformed', 'not-found', 404],
  ['IncorrectInstanceConfiguration', 'conflict', 409],
  ['InvalidInstanceAttributeValue', 'conflict', 409],
  ['InvalidNetworkInterfaceID.NotFound', 'not-found', 404],
  ['IncorrectInstanceState', 'conflict', 409],
  ['IncorrectState', 'conflict', 409],
  ['OperationNotPermitted', 'conflict', 409],
  ['InvalidUserData.Malformed', 'invalid', 400],
  ['InvalidParameterValue', 'invalid', 400],
  ['InvalidParameterCombination', 'invalid', 400],
  ['InvalidParameter', 'invalid', 400],
  ['InvalidBlockDeviceMapping', 'invalid', 400],
  ['InvalidInstanceType', 'invalid', 400],
  ['IdempotentParameterMismatch', 'conflict', 409],
  ['IdempotentInstanceTerminated', 'conflict', 409],
  ['VolumeInUse', 'conflict', 400],
  ['InvalidVolume.ZoneMismatch', 'invalid', 400],
  ['AttachmentLimitExceeded', 'conflict', 400],
  ['InvalidSnapshot.NotFound', 'not-found', 404],
  ['InvalidSnapshot.InUse', 'conflict', 409],
  ['InvalidAMIName.Duplicate', 'conflict', 409],
  ['InvalidVolume.NotFound', 'not-found', 404],
  ['UnsupportedHibernationConfiguration', 'unsupported', 400],
  ['UnsupportedOperation', 'unsupported', 400],
  ['EC2InstanceNotFoundException', 'not-found', 404],
  ['EC2InstanceStateInvalidException', 'conflict', 409],
  ['EC2InstanceUnavailableException', 'unavailable', 503],
  ['EC2InstanceTypeInvalidException', 'unsupported', 400],
  ['SerialConsoleSessionUnsupportedException', 'unsupported', 400],
  ['SerialConsoleAccessDisabledException', 'unauthorized', 503],
  ['SerialConsoleSessionLimitExceededException', 'conflict', 409],
  ['SerialConsoleSessionUnavailableException', 'unavailable', 503],
  ['AuthException', 'unauthorized', 503, 'account'],
  ['NotImplementedByEndpoint', 'unsupported', 400],
];

describe('errors of EC2', () => {
  it.each(EXPECTED.map((row) => ({ row })))(
    'takes $row.0 for $row.1, fault $row.2',
    ({ row: [code, kind, faultCode, refuses] }) => {
      const error = new Ec2Error(code, 'what EC2 says', 400);

      expect(toProviderError(error)).toMatchObject({ kind, faultCode, code });
      expect(errorRow(error).refuses).toBe(refuses);
    },
  );

  it('expects something of every row of the table', () => {
    const expected = new Set(EXPECTED.map(([code]) => errorRow(new Ec2Error(code, '', 400))));

    const forgotten = EC2_ERRORS.filter((row) => row.text === undefined && !expected.has(row));
    expect(forgotten.map(({ code }) => code)).toEqual([]);
  });

  it.each([
    ['AuthFailure', 'Not authorized for images: [ami-1]', { kind: 'unauthorized', subject: 'image', faultCode: 403 }],
    [
      'InvalidParameter',
      'Security group sg-1 and subnet subnet-1 belong to different networks.',
      { kind: 'invalid', subject: 'network' },
    ],
    ['InvalidUserData.Malformed', 'User data is limited to 16384 bytes', { kind: 'invalid', subject: 'user-data' }],
    ['UnsupportedOperation', 'The instance is not ready to hibernate yet', { kind: 'conflict', subject: 'instance' }],
  ])('tells what %s is about by its text', (code, text, expected) => {
    expect(toProviderError(new Ec2Error(code, text, 400))).toMatchObject(expected);
  });

  it.each(EC2_ERRORS.map((row) => [row.code, row] as const))(
    'tells users of %s in a sentence that advises and names no secret',
    (code, row) => {
      const { userMessage } = toProviderError(new Ec2Error(code.replace('*', 'NotFound'), row.text?.source ?? '', 400), {
        zone: 'us-east-1a',
        instanceType: 'm5.large',
        image: 'ami-0a1b2c3d4e5f60001',
        subnet: 'subnet-0a1b2c3d4e5f60001',
      });

      expect(userMessage).toMatch(/^[A-Zm].{20,199}\.$/);
      expect(userMessage).not.toMatch(/arn:|polic|role|credential|secret|account|\{|undefined/i);
    },
  );

  it('never shows users what EC2 says, which may name the account', () => {
    const text = 'User: arn:aws:iam::123456789012:user/burst is not authorized to perform: ec2:RunInstances';

    const { userMessage, message } = toProviderError(new Ec2Error('UnauthorizedOperation', text, 403));

    expect(userMessage).not.toContain('123456789012');
    expect(message).toContain('123456789012');
  });

  it('tells the value of a quota that is spent', () => {
    const text = 'You have requested more vCPU capacity than your current vCPU limit of 32 allows';

    expect(toProviderError(new Ec2Error('VcpuLimitExceeded', text, 400)).userMessage).toContain('limit of 32');
  });

  it('judges codes it does not know by their status', () => {
    expect(toProviderError(new Ec2Error('Novelty', '', 503)).kind).toBe('unavailable');
    expect(toProviderError(new Ec2Error('Novelty', '', 403)).kind).toBe('unauthorized');
    expect(toProviderError(new Ec2Error('Novelty', '', 400)).kind).toBe('invalid');
    expect(toProviderError(new Ec2Error('Novelty', '', null)).kind).toBe('unavailable');
  });

  it('takes whatever else is thrown for an unknown effect, and leaves its own errors alone', () => {
    const own = new ProviderError('quota', 'no more');

    expect(toProviderError(new TypeError('oops')).kind).toBe('unavailable');
    expect(toProviderError('oops').kind).toBe('unavailable');
    expect(toProviderError(own)).toBe(own);
  });
});
