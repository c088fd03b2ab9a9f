import type { ImageImport } from '@burstcell/provider';
import type { OperationRow } from '@burstcell/store';
import type { WaitsFor } from '../../operations/image-import.js';

/** An import as an operator looks at it: what the provider shows, and who waits for it here. */
export interface ImportRow extends Omit<ImageImport, 'state'> {
  /** The parent's image; null where nobody waits for it. */
  readonly imageId: string | null;
  /** `uploading`: the provider has nothing of it yet. */
  readonly state: ImageImport['state'] | 'uploading';
  /** ISO 8601: since when the first of them waits. */
  readonly since: string | null;
  /** Instances whose operations wait. */
  readonly waiting: readonly string[];
}

type Waiter = Pick<OperationRow, 'instanceUuid' | 'memo' | 'createdAt'>;

/** Those that somebody waits for first. Imports of the same data are one. */
export function importRows(imports: readonly ImageImport[], operations: readonly Waiter[]): readonly ImportRow[] {
  const groups = grouped(operations);
  const shown = imports.map((each) =>
    joined(
      each,
      groups.find(({ image }) => isOf(each, image)),
    ),
  );
  const others = groups.filter(({ image }) => !imports.some((each) => isOf(each, image))).map(uploading);
  return [...others, ...shown].sort((a, b) => Number(b.waiting.length > 0) - Number(a.waiting.length > 0));
}

interface Group {
  readonly image: WaitsFor;
  readonly waiters: readonly Waiter[];
}

function grouped(operations: readonly Waiter[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const operation of operations) {
    const image = operation.memo.waitsFor as unknown as WaitsFor | null | undefined;
    if (image == null) continue;
    const key = image.checksum ?? image.imageId ?? '';
    const known = groups.get(key);
    groups.set(key, { image: { ...image, ...known?.image }, waiters: [...(known?.waiters ?? []), operation] });
  }
  return [...groups.values()];
}

function isOf({ checksum }: ImageImport, image: WaitsFor): boolean {
  return checksum !== null && checksum === image.checksum;
}

function joined(each: ImageImport, group: Group | undefined): ImportRow {
  if (group === undefined) return { ...each, imageId: null, since: null, waiting: [] };
  return { ...each, ...waitedFor(group), name: each.name ?? group.image.name };
}

function uploading(group: Group): ImportRow {
  const { name, checksum = null, format = null, sizeBytes = null, progress } = group.image;
  const nothing = { account: null, doneAt: null, providerImageId: null, reason: null };
  return { ...nothing, name, checksum, format, sizeBytes, progress, state: 'uploading', ...waitedFor(group) };
}

function waitedFor({ image, waiters }: Group): Pick<ImportRow, 'imageId' | 'since' | 'waiting'> {
  const since = Math.min(...waiters.map(({ createdAt }) => createdAt.getTime()));
  return {
    imageId: image.imageId,
    since: new Date(since).toISOString(),
    waiting: waiters.map(({ instanceUuid }) => instanceUuid),
  };
}
