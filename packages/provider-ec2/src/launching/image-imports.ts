import { type ImageRequest, type ImageSource, type ImportState, ProviderError } from '@burstcell/provider';
import type { Ec2Context } from '../context.js';
import { ec2Cause } from '../limits/errors.js';
import { lookup } from '../planning/lookup.js';
import type { Ec2Image } from '../ports/ec2-api.js';
import type { Ec2ImportTask } from '../ports/ec2-storage-api.js';
import type { ImageStore } from '../ports/image-store.js';
import { IMPORT_LOOK_MS } from '../timings.js';
import { ImageUploads } from './image-uploads.js';
import { importOf, importProgress } from './import-list.js';
import { IMPORT_OF_TAG, MAX_VALUE, STEP_TAG, TAG } from './tags.js';
import { stepToken } from './tokens.js';

/** glance's formats as they are given to AWS ("Importing a disk as a snapshot using VM Import/Export"), with AWS's words. */
const FORMATS: Readonly<Record<string, string>> = { raw: 'RAW', vhd: 'VHD', vmdk: 'VMDK', qcow2: 'RAW' };
const ARCHITECTURES: Readonly<Record<string, string>> = { aarch64: 'arm64', arm64: 'arm64' };
const ROOT_DEVICE = '/dev/sda1';

export interface ImportParts {
  readonly bucket: string;
  readonly store: ImageStore;
}

/**
 * Images of the parent's that have no AMI: data to a bucket, snapshot of it, AMI of that. Where one stands is seen at
 * AWS, by a name made of the data's checksum: a process that dies leaves it to the next one that asks. An upload alone
 * begins again, since half of it is nothing.
 */
export class ImageImports {
  readonly #uploads: ImageUploads;
  readonly #looks = new Map<string, { readonly at: number; readonly state: Promise<ImportState> }>();

  constructor(
    private readonly ec2: Ec2Context,
    private readonly parts: ImportParts,
  ) {
    this.#uploads = new ImageUploads(parts.store, ec2.log);
  }

  async importImage(image: ImageRequest, source: () => Promise<ImageSource>): Promise<ImportState | null> {
    if (this.ec2.images.isMapped(image)) return null;
    const asked = image.id ?? '';
    const known = this.#looks.get(asked);
    const now = this.ec2.clock.now();
    if (known !== undefined && now - known.at < IMPORT_LOOK_MS) return known.state;
    const state = source().then((from) => this.#goOn(image, from));
    this.#looks.set(asked, { at: now, state });
    state.catch(() => this.#looks.delete(asked));
    return state;
  }

  /** Gives uploads up: they begin again where somebody asks next. */
  close(): void {
    this.#uploads.close();
  }

  /** Where the import of such data stands; null: it was not begun. Changes nothing. Rejects as {@link importImage} does. */
  async outlook(from: ImageSource): Promise<ImportState | null> {
    await this.#formatOf(from);
    const seen = await this.#seen(keyOf(from));
    return seen !== null && 'snapshotId' in seen ? { state: 'under-way', progress: 100 } : seen;
  }

  get bucket(): string {
    return this.parts.bucket;
  }

  /** The next step that is due, the last one first. */
  async #goOn(image: ImageRequest, from: ImageSource): Promise<ImportState> {
    const format = await this.#formatOf(from);
    const key = keyOf(from);
    const seen = await this.#seen(key);
    if (seen !== null) return 'snapshotId' in seen ? this.#register(image, from, seen.snapshotId) : seen;
    const upload = await this.#uploads.under(key, from);
    if (upload !== null) return upload;
    return this.#import(from, format);
  }

  /** AWS's word for it. */
  async #formatOf({ format }: ImageSource): Promise<string> {
    const known = lookup(FORMATS, format);
    if (known !== undefined && (await this.#uploads.canTake(format))) return known;
    throw unsupported(format);
  }

  /** What AWS has of it: an image, a snapshot to make one of, or a task; null: nothing. */
  async #seen(key: string): Promise<ImportState | { readonly snapshotId: string } | null> {
    const made = await this.#imageNamed(key);
    if (made?.state === 'available') return { state: 'done', providerImageId: made.imageId };
    if (made !== undefined) return { state: 'under-way', progress: 100 };
    const task = await this.#taskOf(key);
    if (task?.state === 'completed' && task.snapshotId !== undefined) return { snapshotId: task.snapshotId };
    if (task?.state === 'deleted' || task?.state === 'deleting') throw failed(task);
    return task === undefined ? null : { state: 'under-way', progress: importProgress(task.progress) };
  }

  async #import(from: ImageSource, format: string): Promise<ImportState> {
    const key = keyOf(from);
    const { bucket } = this.parts;
    const { encrypted } = this.ec2.config;
    const input = { bucket, key, format, encrypted, clientToken: key, tags: this.#tags(from) };
    await this.ec2.calls.once({ action: 'ImportSnapshot', run: (api, options) => api.importSnapshot(input, options) });
    this.ec2.log.info('image import: AWS makes a snapshot of it', { key });
    return { state: 'under-way', progress: 50 };
  }

  /** ImportSnapshot tags its task alone, and what carries no cell's tag the cell may not delete. Repeat-safe. */
  async #tagSnapshot(from: ImageSource, snapshotId: string): Promise<void> {
    const tags = this.#tags(from);
    await this.ec2.calls.once({ action: 'CreateTags', run: (api, options) => api.createTags([snapshotId], tags, options) });
  }

  async #register(image: ImageRequest, from: ImageSource, snapshotId: string): Promise<ImportState> {
    const key = keyOf(from);
    await this.#tagSnapshot(from, snapshotId);
    const isUefi = lookup(image.properties, 'hw_firmware_type') === 'uefi';
    const input = {
      ...{
        name: key,
        snapshotId,
        tags: { ...this.#tags(from), ...(image.name === null ? {} : { Name: image.name.slice(0, MAX_VALUE) }) },
      },
      ...{ rootDeviceName: ROOT_DEVICE, volumeType: this.ec2.config.rootVolumeType },
      architecture: importedArchitecture(image).architecture,
      ...(isUefi ? { bootMode: 'uefi' as const } : {}),
    };
    try {
      await this.ec2.calls.once({ action: 'RegisterImage', run: (api, options) => api.registerImage(input, options) });
      this.ec2.log.info('image import: registered', { key, snapshotId });
    } catch (error) {
      // Another replica was quicker: its image is found by the name.
      if (ec2Cause(error)?.code !== 'InvalidAMIName.Duplicate') throw error;
    }
    await this.#clearBucket(key);
    return { state: 'under-way', progress: 100 };
  }

  /** The snapshot has it all. Where we may not, or die before, the bucket's own rules let it expire. */
  async #clearBucket(key: string): Promise<void> {
    try {
      await this.parts.store.remove(key);
    } catch (err) {
      this.ec2.log.info('image import: what was uploaded stays in the bucket', { key, why: String(err) });
    }
  }

  async #imageNamed(name: string): Promise<Ec2Image | undefined> {
    const input = { owners: ['self'], filters: { name: [name] } };
    const found = await this.ec2.calls.read({
      action: 'DescribeImages',
      run: (api, options) => api.describeImages(input, options),
    });
    return found[0];
  }

  async #taskOf(key: string): Promise<Ec2ImportTask | undefined> {
    const action = 'DescribeImportSnapshotTasks';
    const tasks = await this.ec2.calls.read({ action, run: (api, options) => api.describeImportSnapshotTasks(options) });
    return tasks.find(({ tags }) => tags[STEP_TAG.import] === key);
  }

  /** Of the data alone: all who ask for it at once must ask for the same. */
  #tags(from: ImageSource): Readonly<Record<string, string>> {
    return {
      [TAG.cell]: this.ec2.config.cellName.slice(0, MAX_VALUE),
      [STEP_TAG.import]: keyOf(from),
      [IMPORT_OF_TAG]: importOf(from).slice(0, MAX_VALUE),
    };
  }
}

/** Of the AMI that is made of an image: as its properties say, else what most are. */
export function importedArchitecture({ properties }: ImageRequest): {
  readonly architecture: string;
  readonly isAssumed: boolean;
} {
  const said = lookup(properties, 'architecture') ?? lookup(properties, 'hw_architecture');
  return { architecture: lookup(ARCHITECTURES, said ?? '') ?? 'x86_64', isAssumed: said === undefined };
}

/** Bucket key, client token and name of the AMI: the same for the same data. */
function keyOf({ format, checksum }: ImageSource): string {
  return stepToken('import', format, checksum);
}

function unsupported(format: string): ProviderError {
  return new ProviderError('unsupported', `images of format ${format} cannot be imported`, {
    subject: 'image',
    userMessage: `Images of format ${format} cannot be brought into this cloud; convert it to raw, VHD or VMDK.`,
  });
}

function failed({ taskId, message }: Ec2ImportTask): ProviderError {
  return new ProviderError('invalid', `import task ${taskId} failed: ${message}`, {
    subject: 'image',
    userMessage: `The cloud could not import the image: ${message ?? 'it does not say why'}`.slice(0, 200),
  });
}
