import type { Ec2CallOptions, Ec2Tags } from './ec2-api.js';

/** EC2's calls on volumes, snapshots and images. */
export interface Ec2StorageApi {
  /** By ids, of which one unknown fails the call, or by filters. */
  describeVolumes(input: DescribeVolumesInput, options?: Ec2CallOptions): Promise<readonly Ec2Volume[]>;
  /** Begins; the volume's attachment tells when it is `attached`. Has no client token: a repeat says VolumeInUse. */
  attachVolume(input: AttachVolumeInput, options?: Ec2CallOptions): Promise<void>;
  detachVolume(input: { readonly volumeId: string; readonly instanceId: string }, options?: Ec2CallOptions): Promise<void>;
  deleteVolume(volumeId: string, options?: Ec2CallOptions): Promise<void>;
  /** Has no client token, but names of images are unique in an account: a repeat says InvalidAMIName.Duplicate. */
  createImage(input: CreateImageInput, options?: Ec2CallOptions): Promise<{ readonly imageId: string }>;
  /** Leaves the image's snapshots. */
  deregisterImage(imageId: string, options?: Ec2CallOptions): Promise<void>;
  /** Of this account. */
  describeSnapshots(input: DescribeSnapshotsInput, options?: Ec2CallOptions): Promise<readonly Ec2Snapshot[]>;
  deleteSnapshot(snapshotId: string, options?: Ec2CallOptions): Promise<void>;
  /** Data in a bucket becomes a snapshot, in a task; the same client token gives the same task. */
  importSnapshot(input: ImportSnapshotInput, options?: Ec2CallOptions): Promise<{ readonly taskId: string }>;
  /** All of this account that EC2 still shows. */
  describeImportSnapshotTasks(options?: Ec2CallOptions): Promise<readonly Ec2ImportTask[]>;
  /** An image of a snapshot. Names are unique in an account: a repeat says InvalidAMIName.Duplicate. */
  registerImage(input: RegisterImageInput, options?: Ec2CallOptions): Promise<{ readonly imageId: string }>;
  /** A running instance only; it reboots from the new volume and keeps everything else. */
  createReplaceRootVolumeTask(input: ReplaceRootVolumeInput, options?: Ec2CallOptions): Promise<Ec2ReplaceRootVolumeTask>;
  describeReplaceRootVolumeTasks(instanceId: string, options?: Ec2CallOptions): Promise<readonly Ec2ReplaceRootVolumeTask[]>;
}

/** Filters as EC2 names them: `tag:NAME`, … */
export interface DescribeVolumesInput {
  readonly ids?: readonly string[];
  readonly filters?: Readonly<Record<string, readonly string[]>>;
}

/** Filters as EC2 names them: `description`, `tag:NAME`, … */
export interface DescribeSnapshotsInput {
  readonly filters: Readonly<Record<string, readonly string[]>>;
}

export interface Ec2Volume {
  readonly volumeId: string;
  readonly zone: string;
  readonly sizeGb: number;
  /** `creating`, `available`, `in-use`, `deleting`, `deleted`, `error`. */
  readonly state: string;
  readonly attachments: readonly Ec2VolumeAttachment[];
  readonly tags: Ec2Tags;
}

export interface Ec2VolumeAttachment {
  readonly instanceId: string;
  readonly device: string;
  /** `attaching`, `attached`, `detaching`, `detached`, `busy`. */
  readonly state: string;
}

export interface AttachVolumeInput {
  readonly volumeId: string;
  readonly instanceId: string;
  readonly device: string;
}

export interface CreateImageInput {
  readonly instanceId: string;
  /** Unique in the account; 3 to 128 of AWS's characters. */
  readonly name: string;
  readonly description?: string;
  readonly noReboot: boolean;
  /** Devices whose volumes stay out of the image. */
  readonly omitDevices: readonly string[];
  /** For the image and its snapshots. */
  readonly tags: Ec2Tags;
}

export interface Ec2Snapshot {
  readonly snapshotId: string;
  readonly description: string;
  /** `pending`, `completed`, `error`, … */
  readonly state: string;
  readonly sizeGb: number;
  /** 0 to 100; undefined when EC2 does not say. */
  readonly progress?: number;
  readonly tags: Ec2Tags;
}

export interface ImportSnapshotInput {
  readonly bucket: string;
  readonly key: string;
  /** AWS's word: `RAW`, `VHD`, `VMDK`. */
  readonly format: string;
  readonly clientToken: string;
  readonly encrypted: boolean;
  /** For the task; the snapshot gets none. */
  readonly tags: Ec2Tags;
}

export interface Ec2ImportTask {
  readonly taskId: string;
  /** `active`, `completed`, `deleting`, `deleted`: the last two are failures. */
  readonly state: string;
  readonly message?: string;
  /** 0 to 100; undefined when EC2 does not say. */
  readonly progress?: number;
  readonly snapshotId?: string;
  readonly tags: Ec2Tags;
}

export interface RegisterImageInput {
  readonly name: string;
  readonly snapshotId: string;
  readonly architecture: string;
  readonly rootDeviceName: string;
  readonly volumeType: string;
  readonly bootMode?: 'uefi';
  /** For the image. */
  readonly tags: Ec2Tags;
}

export interface ReplaceRootVolumeInput {
  readonly instanceId: string;
  readonly imageId: string;
  readonly clientToken: string;
  readonly deleteReplacedRootVolume: boolean;
  /** For the task. */
  readonly tags: Ec2Tags;
}

export type Ec2TaskState =
  | 'pending'
  | 'in-progress'
  | 'failing'
  | 'succeeded'
  | 'failed'
  | 'failed-detached'
  | 'failing-detached';

export interface Ec2ReplaceRootVolumeTask {
  readonly taskId: string;
  readonly instanceId: string;
  readonly state: Ec2TaskState;
  readonly tags: Ec2Tags;
}
