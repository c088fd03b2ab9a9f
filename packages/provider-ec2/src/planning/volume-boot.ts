import { type LaunchRequest, ProviderError } from '@burstcell/provider';
import { wantsHibernation } from './hibernation-spec.js';
import type { Hints } from './hints.js';

export function isVolumeBoot({ rootDisk }: LaunchRequest): boolean {
  return rootDisk?.source === 'volume';
}

/**
 * To boot from a volume the server is stopped once, and its root disk is another than it was launched with. Throws `invalid` for the
 * spot market (AWS: "Stop a Spot Instance": only those of a persistent request) and for hibernation, which needs the disk of the launch.
 */
export function checkVolumeBoot(request: LaunchRequest, { market }: Pick<Hints, 'market'>): void {
  if (!isVolumeBoot(request)) return;
  if (market === 'spot') throw refused('A spot server', 'boot with --hint market=on-demand');
  if (wantsHibernation(request.flavor)) throw refused('A server that can hibernate', 'choose a flavor without ec2:hibernation');
}

function refused(who: string, remedy: string): ProviderError {
  return new ProviderError('invalid', `${who} was to boot from a volume`, {
    subject: 'flavor',
    userMessage: `${who} cannot boot from a volume in this cloud; ${remedy}, or boot from an image.`,
  });
}
