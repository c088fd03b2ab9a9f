import {
  type ExplainedImport,
  type ExplainOptions,
  type ImageRequest,
  type ImageSource,
  kindOf,
  type LaunchRequest,
} from '@burstcell/provider';
import type { Ec2Context } from '../context.js';
import { type ImageImports, importedArchitecture } from '../launching/image-imports.js';
import { isWindows } from '../launching/user-data.js';
import type { Ec2Image } from '../ports/ec2-api.js';

/** What the import of an image comes to in a plan. */
export interface Outlook {
  readonly imageImport: ExplainedImport;
  /** The request with the AMI, where there is one already. */
  readonly request: LaunchRequest;
  /** Stands for the AMI that there will be. */
  readonly image?: Ec2Image;
  readonly notes: readonly string[];
}

type Imports = Pick<ImageImports, 'outlook' | 'bucket'>;

/**
 * Undefined: the image has an AMI, or would not be imported. Looks, and begins nothing. Rejects with what a boot would be
 * refused with: a format that is not taken, data that is not there.
 */
export async function importOutlook(
  ec2: Ec2Context,
  imports: Imports | undefined,
  request: LaunchRequest,
  { source }: Pick<ExplainOptions, 'source'>,
): Promise<Outlook | undefined> {
  if (imports === undefined || source === undefined || ec2.images.isMapped(request.image)) return undefined;
  const { from, why } = await sourceOf(source);
  const state = from === null ? null : await imports.outlook(from);
  const imageImport: ExplainedImport = {
    state: state === null ? 'needed' : state.state,
    progress: state?.state === 'under-way' ? state.progress : null,
    by: imports.bucket,
    format: from?.format ?? null,
    sizeBytes: from?.sizeBytes ?? null,
    ...importedArchitecture(request.image),
  };
  const notes = why === undefined ? [] : [why];
  if (state?.state !== 'done') return { imageImport, request, notes, image: imageToBe(request) };
  return { imageImport, request: { ...request, image: withAmi(request.image, state.providerImageId) }, notes };
}

async function sourceOf(source: () => Promise<ImageSource | null>): Promise<{ from: ImageSource | null; why?: string }> {
  try {
    const from = await source();
    return from === null ? { from, why: 'Nothing is known of the data of the image: format and size are open.' } : { from };
  } catch (error) {
    if (kindOf(error) !== 'unavailable') throw error;
    return { from: null, why: 'The image service does not answer: the format, the size and what is imported already are open.' };
  }
}

function withAmi(image: ImageRequest, providerImageId: string): ImageRequest {
  return { ...image, providerImageId };
}

function imageToBe(request: LaunchRequest): Ec2Image {
  const { image } = request;
  return {
    imageId: 'to be imported',
    name: image.name ?? image.id ?? '',
    architecture: importedArchitecture(image).architecture,
    ...{ rootDeviceName: '', rootSizeGb: 0, state: 'pending', creationDate: '' },
    ...(isWindows(request) ? { platform: 'windows' } : {}),
  };
}
