import type { Json } from '@burstcell/provider';
import type { Ec2Context } from '../context.js';
import { cut, isReserved, MAX_KEY, MAX_TAGS, MAX_VALUE, RESERVED_TAGS, STEP_TAG, TAG } from '../launching/tags.js';
import type { Ec2Tags } from '../ports/ec2-api.js';
import { tag, untag } from './tagging.js';

export interface Labels {
  readonly displayName: string;
  readonly metadata: Readonly<Record<string, Json>>;
}

/**
 * Tags the machine with its name, by those templates of `tags` that hold no other word, and with its
 * metadata under `metadata_tag_prefix`; tags of metadata that is gone are removed. Only what differs is sent.
 */
export async function label(ec2: Ec2Context, id: string, labels: Labels, signal?: AbortSignal): Promise<void> {
  const { tags } = await ec2.instances.one(id, signal);
  const { metadataTagPrefix } = ec2.config;
  const kept = Object.keys(tags).filter((key) => !isMetadata(key, metadataTagPrefix) && !isOwn(key));
  const wanted = wantedTags(ec2.config, labels, kept);

  const gone = Object.keys(tags).filter((key) => isMetadata(key, metadataTagPrefix) && !Object.hasOwn(wanted, key));
  const changed = Object.entries(wanted).filter(([key, value]) => tags[key] !== value);
  // First what goes: a machine has no more than 50 tags.
  if (gone.length > 0) await untag(ec2, [id], gone, signal);
  if (changed.length > 0) await tag(ec2, [id], Object.fromEntries(changed), signal);
}

interface LabelSettings {
  readonly tags: Readonly<Record<string, string>>;
  readonly metadataTagPrefix?: string;
}

/** Names first; metadata by its keys, for as many as there is room beside `kept`. */
function wantedTags(settings: LabelSettings, { displayName, metadata }: Labels, kept: readonly string[]): Ec2Tags {
  const names = Object.entries(settings.tags)
    .filter(([key, template]) => !isReserved(key) && /\{display_name\}/.test(template) && !/\{(?!display_name\})/.test(template))
    .map(([key, template]) => [key, cut(template.replaceAll('{display_name}', displayName), MAX_VALUE)] as const);
  const room = MAX_TAGS - RESERVED_TAGS - new Set([...kept, ...names.map(([key]) => key)]).size;
  return Object.fromEntries([...names, ...metadataTags(settings.metadataTagPrefix, metadata).slice(0, Math.max(0, room))]);
}

function metadataTags(prefix: string | undefined, metadata: Labels['metadata']): readonly (readonly [string, string])[] {
  if (prefix === undefined) return [];
  return Object.entries(metadata)
    .filter(([key]) => prefix.length + key.length <= MAX_KEY && !isReserved(prefix + key))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => [prefix + key, cut(typeof value === 'string' ? value : JSON.stringify(value), MAX_VALUE)] as const);
}

function isMetadata(key: string, prefix: string | undefined): boolean {
  return prefix !== undefined && key.startsWith(prefix) && !isReserved(key);
}

/** Counted in {@link RESERVED_TAGS} already. */
function isOwn(key: string): boolean {
  const own: readonly string[] = [...Object.values(TAG), ...Object.values(STEP_TAG)];
  return own.includes(key) || /^aws:/i.test(key);
}
