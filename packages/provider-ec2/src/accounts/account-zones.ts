import { abortable } from '../clock.js';
import type { Ec2Api, Ec2CallOptions, Ec2Instance, Ec2Zone } from '../ports/ec2-api.js';

type Names = ReadonlyMap<string, string>;
type Renamed = Pick<
  Ec2Api,
  | 'describeAvailabilityZones'
  | 'describeSubnets'
  | 'describeInstances'
  | 'runInstances'
  | 'describeInstanceTypeOfferings'
  | 'describeVolumes'
>;

/**
 * An account's EC2 with its zones called as the same places are in the home account, for which zone ids speak: AWS
 * gives each account names of its own (AWS: "Availability Zone IDs"). Zones that the home account lacks are left
 * out, and go by their id where a subnet or machine is in one.
 */
export function withZonesOf(home: Ec2Api, api: Ec2Api): Ec2Api {
  const renamed: Partial<Ec2Api> = renamedCalls(api, new ZoneNames(home, api));
  return new Proxy(api, {
    get(target, name) {
      const member: unknown = Reflect.get(renamed, name) ?? Reflect.get(target, name);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

function renamedCalls(api: Ec2Api, zones: ZoneNames): Renamed {
  const inZone = <T extends { readonly zone: string }>(names: Names, each: T): T => ({ ...each, zone: nameIn(names, each.zone) });
  const placed = (names: Names, each: Ec2Instance): Ec2Instance => ({
    ...each,
    availabilityZone: nameIn(names, each.availabilityZone),
  });
  return {
    describeAvailabilityZones: (options) => zones.all(options),
    async describeSubnets(input, options) {
      const names = await zones.names(options);
      return (await api.describeSubnets(input, options)).map((subnet) => inZone(names, subnet));
    },
    async describeVolumes(input, options) {
      const names = await zones.names(options);
      return (await api.describeVolumes(input, options)).map((volume) => inZone(names, volume));
    },
    async describeInstanceTypeOfferings(input, options) {
      const names = await zones.names(options);
      const page = await api.describeInstanceTypeOfferings(input, options);
      return { ...page, offerings: page.offerings.map((offering) => inZone(names, offering)) };
    },
    async describeInstances(input, options) {
      const names = await zones.names(options);
      const page = await api.describeInstances(input, options);
      return { ...page, instances: page.instances.map((instance) => placed(names, instance)) };
    },
    /** The names first: once EC2 was asked for machines, nothing but EC2 may fail. */
    async runInstances(input, options) {
      const names = await zones.names(options);
      return (await api.runInstances(input, options)).map((instance) => placed(names, instance));
    },
  };
}

/** Names of an account's zones in the home account; learnt at first need and each time the zones are looked at. */
class ZoneNames {
  #names: Promise<Names> | undefined;

  constructor(
    private readonly home: Ec2Api,
    private readonly api: Ec2Api,
  ) {}

  async all(options?: Ec2CallOptions): Promise<readonly Ec2Zone[]> {
    const { zones, names } = await this.#look(options);
    this.#names = Promise.resolve(names);
    return zones;
  }

  /** Shared by all who ask, so that no one's signal ends it. */
  async names({ signal }: Ec2CallOptions = {}): Promise<Names> {
    signal?.throwIfAborted();
    this.#names ??= this.#load();
    return abortable(this.#names, signal);
  }

  async #load(): Promise<Names> {
    try {
      return (await this.#look()).names;
    } catch (error) {
      this.#names = undefined;
      throw error;
    }
  }

  async #look(options: Ec2CallOptions = {}): Promise<{ readonly zones: readonly Ec2Zone[]; readonly names: Names }> {
    const looks = [this.home, this.api].map((each) => each.describeAvailabilityZones(options));
    const [home = [], own = []] = await Promise.all(looks);
    const pairs = own.map((zone) => ({ zone, twin: home.find((other) => placeOf(other) === placeOf(zone)) }));
    return {
      zones: pairs.flatMap(({ zone, twin }) => (twin ? [{ ...zone, name: twin.name }] : [])),
      names: new Map(pairs.map(({ zone, twin }) => [zone.name, twin?.name ?? placeOf(zone)])),
    };
  }
}

/** Endpoints that tell no ids have one account. */
const placeOf = ({ name, zoneId }: Ec2Zone): string => zoneId ?? name;

const nameIn = (names: Names, zone: string): string => names.get(zone) ?? zone;
