import type { Progress } from '../abilities.js';
import { ProviderError } from '../errors.js';
import type { Site } from './cloud-state.js';
import { hasEnded, type Machine, ROOT_DEVICE } from './machine.js';
import { startMachine, stopMachine } from './powering.js';
import { isPassing, refusal } from './rules.js';
import { refuseUnlessFree, volumeOf } from './volumes.js';

/** Stop, the volume in the root's place, start: takes whichever step is next, and further ones that take no time. */
export function bootFromVolume(
  site: Site,
  machine: Machine,
  { providerVolumeId }: { readonly providerVolumeId: string },
): Progress {
  if (hasEnded(machine.state)) throw refusal('booted from a volume', machine);
  const volume = volumeOf(site, providerVolumeId);
  if (volume === undefined) {
    throw new ProviderError('not-found', `there is no volume ${providerVolumeId}`, { subject: 'volume' });
  }
  refuseUnlessFree(machine, volume);
  if (isPassing(site, machine)) return 'under-way';
  if (volume.attachment?.deviceName === ROOT_DEVICE) {
    startMachine(site, machine);
    return isPassing(site, machine) ? 'under-way' : 'done';
  }
  if (machine.state !== 'stopped') {
    stopMachine(site, machine, true);
    return bootFromVolume(site, machine, { providerVolumeId });
  }
  volume.attachment = { providerId: machine.providerId, deviceName: ROOT_DEVICE, detachedAtMs: null };
  machine.imageId = null;
  startMachine(site, machine);
  return isPassing(site, machine) ? 'under-way' : 'done';
}
