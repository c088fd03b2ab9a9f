import { type LaunchRequest, ProviderError } from '@burstcell/provider';
import type { Ec2Context } from '../context.js';
import type { Ec2Image, Ec2SecurityGroup } from '../ports/ec2-api.js';
import { architectureOf } from './architecture.js';
import { chooseTypes } from './candidates.js';
import { wantsHibernation } from './hibernation-spec.js';
import { EXTRA_SPEC, type Hints, readHints } from './hints.js';
import { type Circumstances, judge, type PlannedPlace, type Verdict } from './judge.js';
import { lookup } from './lookup.js';
import { type Site, sitesFor, wantedNics } from './networks.js';
import { checkGuest, checkRequest } from './request-checks.js';
import type { TypeChoice } from './type-choice.js';
import { checkVolumeBoot, isVolumeBoot } from './volume-boot.js';

/** A place with what is thought of it. */
export interface JudgedPlace extends PlannedPlace {
  readonly verdict: Verdict;
}

/** All that was considered for a request, in order of preference: cheapest type first, each in every subnet. */
export interface Plan {
  readonly image: Ec2Image;
  readonly hints: Hints;
  readonly choice: TypeChoice;
  readonly places: readonly JudgedPlace[];
}

/**
 * Considers everywhere a request could run. Changes nothing. Throws what is wrong with the request itself
 * (`invalid`, `not-found`, `unsupported`) and what kept EC2 from being asked; a request for which nothing is open
 * has a plan all the same. `known` stands for an image that is not there yet.
 */
export async function plan(ec2: Ec2Context, request: LaunchRequest, signal?: AbortSignal, known?: Ec2Image): Promise<Plan> {
  checkRequest(request, ec2.config);
  const image = known ?? (await imageOf(ec2, request, signal));
  checkGuest(request, ec2.config, image.platform === 'windows');
  checkArchitecture(request, image);
  const hints = readHints(request, ec2.config);
  checkVolumeBoot(request, hints);
  const nics = wantedNics(request, ec2.config);
  const [zones, placements, mapped, groups] = await Promise.all([
    ec2.zones.all(signal),
    ec2.subnets.all(signal),
    ec2.subnets.mapped(signal),
    ec2.groups.named(request, signal),
  ]);
  const sites = sitesFor(nics, { placements, mapped });
  const priceOf = ec2.prices.known(hints.market).order;
  const wish = {
    architecture: image.architecture,
    interfaces: nics.length,
    platform: image.platform,
    settings: ec2.config,
    priceOf,
  };
  const choice = await chooseTypes(request, hints, { ...wish, catalogue: () => ec2.catalogue.get(signal) });
  const around = { request, hints, zones, zonesOf: ec2.catalogue.peek()?.zonesOf, refused: await ec2.refusals.current() };
  const memoryOf = (type: string) =>
    wantsHibernation(request.flavor) ? ec2.catalogue.peek()?.types.get(type)?.memoryMb : undefined;
  const places = placesOf(choice, { sites, hints, groups: [...groups, ...ec2.followed.of(request)], memoryOf });
  return { image, hints, choice, places: judgeAll(places, around) };
}

function imageOf(ec2: Ec2Context, request: LaunchRequest, signal?: AbortSignal): Promise<Ec2Image> {
  return isVolumeBoot(request) ? ec2.images.standIn(request, signal) : ec2.images.resolve(request.image, signal);
}

interface Parts {
  readonly sites: readonly Site[];
  readonly hints: Hints;
  readonly groups: readonly Ec2SecurityGroup[];
  /** Memory of a type where it must be able to hibernate. */
  readonly memoryOf: (instanceType: string) => number | undefined;
}

function placesOf({ types }: TypeChoice, { sites, hints, groups, memoryOf }: Parts): readonly PlannedPlace[] {
  const names = [...new Set(groups.map(({ name }) => name))];
  return types.flatMap((instanceType) => {
    const hibernatingMb = memoryOf(instanceType);
    return sites.map(({ zone, subnetId, vpcId, moreSubnetIds, why }) => {
      const here = groups.filter((group) => group.vpcId === vpcId);
      const missing = names.find((name) => !here.some((group) => group.name === name));
      return {
        ...{ instanceType, zone, market: hints.market, subnetId, moreSubnetIds },
        securityGroupIds: here.map(({ groupId }) => groupId),
        ...(hibernatingMb === undefined ? {} : { hibernatingMb }),
        why: why ?? (missing === undefined ? null : `its VPC has no security group ${missing}`),
      };
    });
  });
}

/** The first open subnet of each type and zone is offered; the others wait until it is refused. */
function judgeAll(places: readonly PlannedPlace[], around: Circumstances): readonly JudgedPlace[] {
  const offered = new Set<string>();
  return places.map((place) => {
    const verdict = judge(place, around);
    if (verdict.is !== 'offered') return { ...place, verdict };
    const name = `${place.instanceType}/${place.zone}`;
    if (offered.has(name)) return { ...place, verdict: { is: 'waiting', why: 'another subnet of the zone comes first' } };
    offered.add(name);
    return { ...place, verdict };
  });
}

/** An AMI has one architecture: a flavor that asks for another is not for this image. */
function checkArchitecture({ flavor }: LaunchRequest, image: Ec2Image): void {
  const asked = lookup(flavor.extraSpecs, EXTRA_SPEC.architecture)?.trim();
  if (asked === undefined || architectureOf(asked) === image.architecture) return;
  throw new ProviderError('invalid', `flavor ${flavor.name} is for ${asked}, AMI ${image.imageId} is ${image.architecture}`, {
    subject: 'flavor',
    userMessage: `Flavor ${flavor.name.slice(0, 60)} is for ${asked.slice(0, 20)}, and the image is ${image.architecture}; choose another of the two.`,
  });
}
