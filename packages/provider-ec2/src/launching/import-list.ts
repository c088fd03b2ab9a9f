import type { ImageImport, ImageSource } from '@burstcell/provider';
import type { Ec2Context } from '../context.js';
import type { Ec2Image, Ec2Tags } from '../ports/ec2-api.js';
import type { Ec2ImportTask } from '../ports/ec2-storage-api.js';
import { IMPORT_OF_TAG, MAX_VALUE, STEP_TAG, TAG } from './tags.js';

type Data = Pick<ImageImport, 'format' | 'checksum' | 'sizeBytes'>;

/** What an import's tag says of its data. */
export function importOf({ format, checksum, sizeBytes }: Pick<ImageSource, keyof Data>): string {
  return `${format} ${checksum} ${sizeBytes}`;
}

/** The cell's imports that AWS shows: images, and tasks that no image came of yet. A task is shown for some days. */
export async function listImports(ec2: Ec2Context, signal?: AbortSignal): Promise<readonly ImageImport[]> {
  const cell = ec2.config.cellName.slice(0, MAX_VALUE);
  const input = { owners: ['self'], filters: { [`tag:${TAG.cell}`]: [cell], [`tag:${STEP_TAG.import}`]: ['*'] } };
  const [images, tasks] = await Promise.all([
    ec2.calls.read({ action: 'DescribeImages', signal, run: (api, options) => api.describeImages(input, options) }),
    ec2.calls.read({
      action: 'DescribeImportSnapshotTasks',
      signal,
      run: (api, options) => api.describeImportSnapshotTasks(options),
    }),
  ]);
  const made = new Set(images.map(({ tags = {} }) => tags[STEP_TAG.import]));
  const own = tasks.filter(({ tags }) => tags[TAG.cell] === cell && !made.has(tags[STEP_TAG.import]));
  return [...images.map(ofImage), ...own.map(ofTask)];
}

function ofImage({ imageId, state, creationDate, tags = {} }: Ec2Image): ImageImport {
  const isDone = state === 'available';
  return {
    ...{ name: tags.Name ?? null, ...dataOf(tags), account: null },
    ...{ state: isDone ? 'done' : 'under-way', progress: 100, doneAt: isDone ? creationDate : null },
    ...{ providerImageId: imageId, reason: null },
  };
}

function ofTask({ state, progress, message, tags }: Ec2ImportTask): ImageImport {
  const hasFailed = state === 'deleted' || state === 'deleting';
  return {
    ...{ name: null, ...dataOf(tags), account: null },
    ...{ state: hasFailed ? 'failed' : 'under-way', progress: importProgress(progress), doneAt: null },
    ...{ providerImageId: null, reason: hasFailed ? (message ?? null) : null },
  };
}

/** The way to the bucket is the first half. */
export function importProgress(ofTask: number | undefined): number {
  return 50 + (ofTask ?? 0) / 2;
}

/** Imports of earlier versions do not say. */
function dataOf(tags: Ec2Tags): Data {
  const [format = null, checksum = null, size = null] = (tags[IMPORT_OF_TAG] ?? '').split(' ').filter(Boolean);
  return { format, checksum, sizeBytes: size === null ? null : Number(size) };
}
