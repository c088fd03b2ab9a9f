import type { ExplainedImport, Explanation } from '@burstcell/provider';

/** What the boot's image is, in a line; none where nothing is known of it. */
export function imageLine({ image, imageImport }: Explanation): readonly string[] {
  if (image !== null) {
    const origin = imageImport === undefined ? '' : ', imported';
    return [`image: ${image.id} (${image.name}, ${image.architecture}${origin})`];
  }
  return imageImport === undefined ? [] : [`image: ${importText(imageImport)}`];
}

function importText({ state, progress, by, format, sizeBytes, architecture, isAssumed }: ExplainedImport): string {
  const what =
    state === 'under-way'
      ? `is being imported${progress === null ? '' : ` (${Math.floor(progress)} %)`}`
      : 'would be imported first';
  const from = format === null ? '' : ` from ${format}${sizeBytes === null ? '' : ` of ${sizeText(sizeBytes)}`}`;
  const assumed = isAssumed ? ', which nothing says: it has neither architecture nor hw_architecture' : '';
  return `${what}${from}, by way of ${by}, as ${architecture}${assumed}`;
}

/** In binary units, as nova counts. */
export function sizeText(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  const at = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  const amount = bytes / 1024 ** at;
  return `${at === 0 ? amount : amount.toFixed(1)} ${units[at]}`;
}
