/** The data of a record whose disk the provider keeps: who downloads it reads why there is no more. */
export const PLACEHOLDER = "The disk of this image is kept by the cloud that made it. The image's properties name it.\n";

/** Glance's states of a record that is no more (docs "Image Statuses"). */
export const GONE: ReadonlySet<string> = new Set(['deleted', 'pending_delete', 'killed']);

export function isGone({ status }: { readonly status: number }): boolean {
  return status === 404 || status === 410;
}
