import { type ImageSource, ProviderError } from '@burstcell/provider';

interface Facts {
  readonly checksum: string | null | undefined;
  readonly format: string | null | undefined;
  readonly size: number | null | undefined;
}

/** What glance knows of an image's data. Throws `not-found` for a record that is gone or has none. */
export function sourceOf(imageId: string, { checksum, format, size }: Facts, read: ImageSource['read']): ImageSource {
  if (!checksum || !format || !size) {
    throw new ProviderError('not-found', `image ${imageId} has no data`, {
      subject: 'image',
      userMessage: `Image ${imageId} has no data that could be brought into this cloud.`,
    });
  }
  return { checksum, format, sizeBytes: size, read };
}
