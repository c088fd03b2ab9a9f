import { type JsonObject, type Launch, type LaunchRequest, type Offering, ProviderError } from '@burstcell/provider';
import { hasFixedIp, networkOf, placementOf } from '../planning/launch-network.js';
import { lookup } from '../planning/lookup.js';
import { readOffering } from '../planning/offering-parameters.js';
import { checkRequest } from '../planning/request-checks.js';
import type { Ec2Tags, RunInstancesInput } from '../ports/ec2-api.js';
import type { Ec2ProviderConfig } from '../settings/config.js';
import { type NeededKey, neededKey } from './key-pairs.js';
import { disksOf } from './launch-disks.js';
import { withSwap } from './swap.js';
import { ownershipTags, templateTags } from './tags.js';
import { launchToken } from './tokens.js';
import { type GuestData, guestData } from './user-data.js';

/** A frozen launch of this provider: RunInstances' input and the key that must exist before it. */
export interface LaunchParameters {
  readonly run: RunInstancesInput;
  readonly key: NeededKey | null;
  /** What the guest is told only once it boots from its volume: the stand-in must not act on it. Absent: nothing. */
  readonly heldBack?: { readonly userData: string };
}

type Shape = Omit<RunInstancesInput, 'clientToken' | 'minCount' | 'maxCount'>;

interface Planned {
  readonly uuid: string;
  /** All that RunInstances is told about every member of a shared launch. */
  readonly shape: Shape;
  readonly rest: Omit<LaunchParameters, 'run'>;
  readonly ownTags: Ec2Tags;
}

interface Frozen {
  readonly config: Ec2ProviderConfig;
  readonly offering: Offering;
  readonly attempt: number;
}

/** Pure; see the contract. Requests of equal shape share a launch of at most `max_launch_size`. */
export function freeze(frozen: Frozen, requests: readonly LaunchRequest[]): readonly Launch[] {
  const planned = requests.map((request) => plan(frozen, request));
  return bundles(planned, frozen.config.maxLaunchSize).map((members) => toLaunch(frozen, members));
}

/** Reads a recorded launch back. Throws `invalid` when another provider froze it. */
export function readLaunch({ parameters, token }: Launch): LaunchParameters {
  const { run, key, heldBack } = parameters as unknown as Partial<LaunchParameters>;
  if (typeof run?.clientToken === 'string' && key !== undefined)
    return { run, key, ...(heldBack === undefined ? {} : { heldBack }) };
  throw new ProviderError('invalid', `launch ${token} was not frozen by this provider`);
}

function plan({ config, offering }: Frozen, request: LaunchRequest): Planned {
  checkRequest(request, config);
  const parameters = readOffering(offering);
  const { instanceType, market, imageId, isWindows } = parameters;
  const guest = guestData(request, { zone: offering.zone, isWindows }, config);
  const key = neededKey(request.keyPair);
  const tags = templateTags(config.tags, request);
  const isHeldBack = request.rootDisk?.source === 'volume';
  const shape: Shape = {
    imageId,
    instanceType,
    market,
    ...guestOf(config, isHeldBack ? { ...guest, userData: null } : guest, keyNameOf(config, request, key)),
    ...networkOf(config, request, parameters),
    ...placementOf(config, request),
    ...withSwap(disksOf(config, request, parameters), request, guest.swapMb),
    tags: tags.shared,
  };
  const heldBack = guest.userData === null || !isHeldBack ? {} : { heldBack: { userData: guest.userData } };
  return { uuid: request.uuid, shape, rest: { key, ...heldBack }, ownTags: tags.own };
}

type Guest = Pick<Shape, 'keyName' | 'iamInstanceProfile' | 'userData' | 'imdsV2Required'>;

function guestOf(config: Ec2ProviderConfig, { userData }: GuestData, keyName: string | undefined): Guest {
  return {
    ...(keyName === undefined ? {} : { keyName }),
    ...(config.iamInstanceProfile === undefined ? {} : { iamInstanceProfile: config.iamInstanceProfile }),
    ...(userData === null ? {} : { userData }),
    ...(config.imdsV2 ? { imdsV2Required: true } : {}),
  };
}

function keyNameOf({ keyPairMap }: Ec2ProviderConfig, { keyPair }: LaunchRequest, key: NeededKey | null): string | undefined {
  return key?.name ?? lookup(keyPairMap, keyPair?.name);
}

function bundles(planned: readonly Planned[], maxSize: number): readonly (readonly Planned[])[] {
  const byShape = new Map<string, Planned[]>();
  for (const one of planned) {
    const shape = JSON.stringify([one.shape, one.rest]);
    const equals = byShape.get(shape);
    if (equals) equals.push(one);
    else byShape.set(shape, [one]);
  }
  return [...byShape.values()].flatMap((equals) => chunks(equals, equals.some(({ shape }) => hasFixedIp(shape)) ? 1 : maxSize));
}

function chunks<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  const count = Math.ceil(all.length / size);
  return Array.from({ length: count }, (_, at) => all.slice(at * size, (at + 1) * size));
}

function toLaunch({ config, offering, attempt }: Frozen, members: readonly Planned[]): Launch {
  const uuids = members.map(({ uuid }) => uuid);
  const [first] = members;
  if (!first) throw new ProviderError('invalid', 'a launch without members');
  const { cellName, incarnation } = config;
  const token = launchToken({ cellName, incarnation, members: uuids, attempt, offeringKey: offering.key });
  const tags = {
    ...first.shape.tags,
    ...(members.length === 1 ? first.ownTags : {}),
    ...ownershipTags(config, token, uuids),
  };
  const run: RunInstancesInput = { clientToken: token, minCount: uuids.length, maxCount: uuids.length, ...first.shape, tags };
  const parameters: LaunchParameters = { run, ...first.rest };
  return { token, offering, members: uuids, parameters: parameters as unknown as JsonObject };
}
