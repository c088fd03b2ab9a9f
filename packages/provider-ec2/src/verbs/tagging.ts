import type { Ec2Context } from '../context.js';
import type { Ec2Tags } from '../ports/ec2-api.js';

/** Adds or overwrites tags of these resources. Repeat-safe. */
export function tag(ec2: Ec2Context, resourceIds: readonly string[], tags: Ec2Tags, signal?: AbortSignal): Promise<void> {
  return ec2.calls.once({ action: 'CreateTags', signal, run: (api, options) => api.createTags(resourceIds, tags, options) });
}

/** Takes tags away, where there are any of these keys. Repeat-safe. */
export function untag(
  ec2: Ec2Context,
  resourceIds: readonly string[],
  keys: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  return ec2.calls.once({ action: 'DeleteTags', signal, run: (api, options) => api.deleteTags(resourceIds, keys, options) });
}
