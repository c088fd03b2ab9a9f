import type { LaunchRequest } from '@burstcell/provider';
import type { GuestSettings } from '../launching/guest-files.js';
import { neededKey } from '../launching/key-pairs.js';
import { checkDisks } from '../launching/launch-disks.js';
import { guestData } from '../launching/user-data.js';
import type { Ec2Settings } from '../settings/config.js';
import { isWished } from './address-wish.js';
import { type NetworkSettings, wantedNics } from './networks.js';

/** Stands for a zone that is not chosen yet: as long as the longest names of AWS. */
export const SOME_ZONE = 'us-gov-west-1-wlz-1a';

type RequestSettings = GuestSettings & NetworkSettings & Pick<Ec2Settings, 'elasticAddress'>;

/** Refuses early, with a sentence for the user, what EC2 would refuse or this provider would silently leave out. */
export function checkRequest(request: LaunchRequest, settings: RequestSettings): void {
  checkDisks(request);
  isWished(settings, request.metadata);
  checkGuest(request, settings, false);
  neededKey(request.keyPair);
  wantedNics(request, settings);
}

/** Once more when the image is known, which may be Windows without saying so at the parent. */
export function checkGuest(request: LaunchRequest, settings: GuestSettings, isWindows: boolean): void {
  guestData(request, { zone: request.zone ?? SOME_ZONE, isWindows }, settings);
}
