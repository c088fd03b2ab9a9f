import type { ProviderVolume } from '@burstcell/provider';
import type { Ec2Context } from '../context.js';
import type { Ec2Volume } from '../ports/ec2-storage-api.js';
import { FILTER_MAX_VALUES } from '../timings.js';

/** Those that exist, by id. A filter, since one unknown id among `VolumeId`s fails the whole call (AWS: DescribeVolumes). */
export async function describeVolumes(
  ec2: Ec2Context,
  ids: readonly string[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, ProviderVolume>> {
  signal?.throwIfAborted();
  const found = new Map<string, ProviderVolume>();
  for (let at = 0; at < ids.length; at += FILTER_MAX_VALUES) {
    const filters = { 'volume-id': ids.slice(at, at + FILTER_MAX_VALUES) };
    const volumes = await ec2.calls.read({
      action: 'DescribeVolumes',
      signal,
      run: (api, options) => api.describeVolumes({ filters }, options),
    });
    for (const volume of volumes) found.set(volume.volumeId, toProviderVolume(volume));
  }
  return found;
}

function toProviderVolume({ volumeId, zone, sizeGb, attachments }: Ec2Volume): ProviderVolume {
  const attachment = attachments.find(({ state }) => state !== 'detached');
  return { providerVolumeId: volumeId, zone, sizeGb, attachedTo: attachment?.instanceId ?? null };
}
