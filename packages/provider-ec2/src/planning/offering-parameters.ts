import { type JsonObject, type Offering, ProviderError } from '@burstcell/provider';
import type { Ec2Image, Ec2Market } from '../ports/ec2-api.js';
import type { PlannedPlace } from './judge.js';

/** What an offering of this provider carries: everything {@link ./freeze.ts freeze} needs, so that it asks nobody. */
export interface OfferingParameters {
  readonly instanceType: string;
  readonly market: Ec2Market;
  readonly subnetId: string;
  /** Subnets of the second interface and those after it. */
  readonly moreSubnetIds: readonly string[];
  /** Looked up by name. */
  readonly securityGroupIds: readonly string[];
  readonly imageId: string;
  readonly rootDeviceName: string;
  readonly imageRootGb: number;
  readonly isWindows: boolean;
  /** Only where the server must be able to hibernate: its root disk holds the memory. */
  readonly typeMemoryMb?: number;
}

/** The key names image, subnets, groups and hibernation too: requests that differ in them must not be frozen on one offering. */
export function toOffering(place: PlannedPlace, image: Ec2Image): Offering {
  const { instanceType, zone, market, subnetId, moreSubnetIds, securityGroupIds, hibernatingMb } = place;
  const parameters: OfferingParameters = {
    ...{ instanceType, market, subnetId, moreSubnetIds, securityGroupIds },
    imageId: image.imageId,
    rootDeviceName: image.rootDeviceName,
    imageRootGb: image.rootSizeGb,
    isWindows: image.platform === 'windows',
    ...(hibernatingMb === undefined ? {} : { typeMemoryMb: hibernatingMb }),
  };
  const network = [subnetId, ...moreSubnetIds, ...securityGroupIds].join('+');
  const how = hibernatingMb === undefined ? [] : ['hibernation'];
  return { key: [instanceType, zone, market, network, image.imageId, ...how].join('/'), zone, parameters: { ...parameters } };
}

/** Reads an offering back, perhaps from a row of an earlier version. Throws `invalid`. */
export function readOffering({ key, parameters }: Offering): OfferingParameters {
  const text = (name: keyof OfferingParameters) => required(parameters, name, 'string', key) as string;
  return {
    instanceType: text('instanceType'),
    market: text('market') === 'spot' ? 'spot' : 'on-demand',
    subnetId: text('subnetId'),
    moreSubnetIds: texts(parameters.moreSubnetIds),
    securityGroupIds: texts(parameters.securityGroupIds),
    imageId: text('imageId'),
    rootDeviceName: text('rootDeviceName'),
    imageRootGb: required(parameters, 'imageRootGb', 'number', key) as number,
    isWindows: parameters.isWindows === true,
    ...(typeof parameters.typeMemoryMb === 'number' ? { typeMemoryMb: parameters.typeMemoryMb } : {}),
  };
}

function required(parameters: JsonObject, name: string, type: 'string' | 'number', key: string): unknown {
  const value = parameters[name];
  if (typeof value === type) return value;
  throw new ProviderError('invalid', `offering ${key} has no ${name}: it is not one of this provider`);
}

/** Absent in rows of earlier versions. */
function texts(value: JsonObject[string] | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}
