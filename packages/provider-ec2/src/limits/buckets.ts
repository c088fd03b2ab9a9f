/** A bucket holds `capacity` tokens and gets `refillPerSecond` back. */
export interface BucketSize {
  readonly capacity: number;
  readonly refillPerSecond: number;
}

export interface ActionBuckets {
  readonly requests: BucketSize;
  /** Counts machines, not calls. */
  readonly instances?: BucketSize;
}

const NON_MUTATING: BucketSize = { capacity: 100, refillPerSecond: 20 };
const MUTATING: BucketSize = { capacity: 50, refillPerSecond: 5 };
/** Volumes, snapshots, addresses and a few more have a deeper bucket of their own. */
const STORAGE: BucketSize = { capacity: 100, refillPerSecond: 5 };
const TAGGING: BucketSize = { capacity: 100, refillPerSecond: 10 };
const LAUNCHING: BucketSize = { capacity: 5, refillPerSecond: 2 };

/**
 * Sizes that AWS publishes ("Request throttling for the Amazon EC2 API"): the request
 * bucket of each action and, for those that touch many machines, the resource bucket.
 * GetConsoleOutput is not listed there; an older page counts it among the slowest calls,
 * so it gets the smaller of the general sizes, as every change does that the page does not list
 * by name.
 */
export const EC2_BUCKETS = {
  RunInstances: { requests: LAUNCHING, instances: { capacity: 1_000, refillPerSecond: 2 } },
  StartInstances: { requests: LAUNCHING, instances: { capacity: 1_000, refillPerSecond: 2 } },
  StopInstances: { requests: MUTATING, instances: { capacity: 1_000, refillPerSecond: 20 } },
  RebootInstances: { requests: MUTATING },
  TerminateInstances: {
    requests: { capacity: 100, refillPerSecond: 5 },
    instances: { capacity: 1_000, refillPerSecond: 20 },
  },
  ModifyInstanceAttribute: { requests: MUTATING },
  CreateTags: { requests: TAGGING },
  DeleteTags: { requests: TAGGING },
  AssignPrivateIpAddresses: { requests: STORAGE },
  UnassignPrivateIpAddresses: { requests: STORAGE },
  AllocateAddress: { requests: MUTATING },
  AssociateAddress: { requests: MUTATING },
  DisassociateAddress: { requests: MUTATING },
  ReleaseAddress: { requests: MUTATING },
  AttachVolume: { requests: MUTATING },
  DetachVolume: { requests: MUTATING },
  DeleteVolume: { requests: STORAGE },
  CreateImage: { requests: MUTATING },
  DeregisterImage: { requests: STORAGE },
  DeleteSnapshot: { requests: STORAGE },
  CreateReplaceRootVolumeTask: { requests: MUTATING },
  ImportSnapshot: { requests: MUTATING },
  RegisterImage: { requests: MUTATING },
  ImportKeyPair: { requests: MUTATING },
  CreateSecurityGroup: { requests: MUTATING },
  DeleteSecurityGroup: { requests: MUTATING },
  AuthorizeSecurityGroupIngress: { requests: MUTATING },
  AuthorizeSecurityGroupEgress: { requests: MUTATING },
  RevokeSecurityGroupIngress: { requests: MUTATING },
  RevokeSecurityGroupEgress: { requests: MUTATING },
  GetConsoleOutput: { requests: MUTATING },
  // Not listed either, and no cheaper.
  GetConsoleScreenshot: { requests: MUTATING },
  GetPasswordData: { requests: MUTATING },
  // EC2 Instance Connect's, of which AWS publishes no size.
  SendSerialConsoleSSHPublicKey: { requests: MUTATING },
  DescribeInstances: { requests: NON_MUTATING },
  DescribeAddresses: { requests: NON_MUTATING },
  DescribeAvailabilityZones: { requests: NON_MUTATING },
  DescribeInstanceTypes: { requests: NON_MUTATING },
  DescribeInstanceTypeOfferings: { requests: NON_MUTATING },
  DescribeImages: { requests: NON_MUTATING },
  DescribeSubnets: { requests: NON_MUTATING },
  DescribeSecurityGroups: { requests: NON_MUTATING },
  DescribeKeyPairs: { requests: NON_MUTATING },
  DescribeInstanceStatus: { requests: NON_MUTATING },
  DescribeSpotPriceHistory: { requests: NON_MUTATING },
  DescribeVolumes: { requests: NON_MUTATING },
  DescribeSnapshots: { requests: NON_MUTATING },
  DescribeReplaceRootVolumeTasks: { requests: NON_MUTATING },
  DescribeImportSnapshotTasks: { requests: NON_MUTATING },
} as const satisfies Record<string, ActionBuckets>;

/** The actions of EC2 and EC2 Instance Connect that this package uses; `deploy/iam/burstcell-ec2.json` grants these and no others. */
export type Ec2Action = keyof typeof EC2_BUCKETS;

/** CloudWatch's: 50 a second ("CloudWatch service quotas"), of which the account's dashboards and alarms keep most. */
export const METRICS_BUCKETS = {
  GetMetricData: { requests: { capacity: 20, refillPerSecond: 10 } },
} as const satisfies Record<string, ActionBuckets>;

/** Systems Manager's: AWS publishes no sizes, so a share of what the general ones of EC2 are. */
export const COMMANDS_BUCKETS = {
  SendCommand: { requests: LAUNCHING },
  GetCommandInvocation: { requests: { capacity: 20, refillPerSecond: 10 } },
} as const satisfies Record<string, ActionBuckets>;

/** Every action of any AWS service that this package uses. */
export const AWS_BUCKETS = { ...EC2_BUCKETS, ...METRICS_BUCKETS, ...COMMANDS_BUCKETS } as const;

export type AwsAction = keyof typeof AWS_BUCKETS;
