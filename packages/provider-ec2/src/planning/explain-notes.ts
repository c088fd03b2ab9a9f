import type { LaunchRequest } from '@burstcell/provider';
import { getsMetadata } from '../launching/guest-files.js';
import { SWAP_FILE } from '../launching/swap.js';
import { guestData, isWindows } from '../launching/user-data.js';
import type { Ec2Settings } from '../settings/config.js';
import { isWished } from './address-wish.js';
import { zonesOfHint } from './judge.js';
import { lookup } from './lookup.js';
import { ignoresNetworks } from './networks.js';
import type { Plan } from './plan.js';
import { SOME_ZONE } from './request-checks.js';
import { ignoredGroups } from './security-groups.js';

/** What of a request is left out or means something else at EC2, a sentence each. */
export function notesOf(request: LaunchRequest, planned: Plan, settings: Ec2Settings): readonly string[] {
  return [
    ...hintNotes(request, planned, settings),
    ...networkNotes(request, settings),
    ...guestNotes(request, planned, settings),
  ];
}

function hintNotes(request: LaunchRequest, { hints }: Plan, { placementGroupMap }: Ec2Settings): readonly string[] {
  const near = unknownOf(request, hints.sameHost);
  const away = unknownOf(request, hints.differentHost);
  return [
    ...hints.ignored.map((hint) => `Hint ${hint} means nothing here and is ignored.`),
    ...(near.length > 0 ? [`Hint same_host: the zone of ${near.join(', ')} is not known, so it is ignored.`] : []),
    ...(hints.sameHost.length > near.length ? ['Hint same_host means the same zone: hosts cannot be seen at EC2.'] : []),
    ...(away.length > 0 ? [`Hint different_host: the zone of ${away.join(', ')} is not known, so it is ignored.`] : []),
    ...(hints.differentHost.length > away.length ? ['Hint different_host means another zone: hosts cannot be seen at EC2.'] : []),
    ...groupNote(hints.group, placementGroupMap),
  ];
}

function groupNote(group: string | null, placementGroups: Ec2Settings['placementGroupMap']): readonly string[] {
  if (group === null) return [];
  const placed = lookup(placementGroups, group);
  return [
    placed === undefined
      ? `Server group ${group} has no placement group (placement_group_map) and is ignored.`
      : `Server group ${group} is the placement group ${placed}.`,
  ];
}

function unknownOf(request: LaunchRequest, uuids: readonly string[]): readonly string[] {
  return uuids.filter((uuid) => zonesOfHint(request, [uuid]).length === 0);
}

function networkNotes(request: LaunchRequest, settings: Ec2Settings): readonly string[] {
  return [
    ...(ignoresNetworks(request, settings)
      ? ['The networks asked for are ignored: none are mapped (network_map), so there is one interface in the subnet shown.']
      : []),
    ...ignoredGroups(request, settings).map(
      (name) => `Security group ${name} is mapped to none (security_group_map) and adds nothing.`,
    ),
    ...(isWished(settings, request.metadata)
      ? ['It gets an elastic IP address of its own (elastic_address), which AWS charges for besides.']
      : []),
  ];
}

function guestNotes(request: LaunchRequest, { image }: Plan, settings: Ec2Settings): readonly string[] {
  const { adminPassword, configDrive } = request;
  const onWindows = image.platform === 'windows' || isWindows(request);
  return [
    ...swapNote(request, onWindows, settings),
    ...(adminPassword === null ? [] : ["The administrator's password is not set."]),
    ...(configDrive && (onWindows || !getsMetadata(request, settings))
      ? ['There is no config drive, and no file in its place.']
      : []),
    ...(getsMetadata(request, settings) && !onWindows
      ? [`What a config drive would tell is in ${settings.configDrivePath}; such servers are launched one by one.`]
      : []),
  ];
}

function swapNote(request: LaunchRequest, onWindows: boolean, settings: Ec2Settings): readonly string[] {
  const { swapMb: wanted = request.flavor.swapMb } = request;
  if (wanted === 0) return [];
  if (settings.swap === 'none') return ["The flavor's swap is left out ([ec2] swap = none)."];
  if (onWindows) return ["The flavor's swap is left out: Windows has a page file of its own."];
  const { swapMb } = guestData(request, { zone: SOME_ZONE, isWindows: false }, settings);
  if (swapMb === 0) return ["The flavor's swap is left out: nothing can be added to this user data, or to this root disk."];
  return [`The flavor's swap (${swapMb} MiB) is a file, ${SWAP_FILE}, on a root disk that is so much larger.`];
}
