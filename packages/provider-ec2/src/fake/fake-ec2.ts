import type * as ec2 from '../ports/ec2-api.js';
import { Account } from './account.js';
import { consoleOutput } from './console.js';
import { describeInstances } from './describe.js';
import { FakeAddresses } from './fake-addresses.js';
import { FakeCommands } from './fake-commands.js';
import { FakeMetrics, type PassGate } from './fake-metrics.js';
import { type FakeEc2Options, type ResolvedOptions, resolveOptions } from './fake-options.js';
import { groupFilter } from './filters.js';
import { Gate } from './gate.js';
import { runInstances } from './launch.js';
import { type Machine, type Surroundings, toInstance } from './machine.js';
import { pageOf } from './paging.js';
import { rebootInstances, startInstances, stopInstances, terminateInstances } from './power.js';
import { consoleScreenshot } from './screenshot.js';
import { pushSerialKey } from './serial-keys.js';
import { publishedLimits, Throttle } from './throttle.js';

type Options = ec2.Ec2CallOptions;

/**
 * EC2 in memory: one account in one region, with EC2's states, tokens, limits and errors.
 * Cheap enough for tens of thousands of instances. What it holds dies with the process;
 * {@link ./http.ts} gives it a process of its own. What a test does to it from outside is
 * in {@link ./fake-controls.ts}.
 */
export class FakeEc2 extends FakeAddresses implements ec2.Ec2Api {
  readonly #options: ResolvedOptions;
  /** CloudWatch of the same account. */
  readonly metrics: FakeMetrics;
  /** Systems Manager of the same account. */
  readonly commands: FakeCommands;

  constructor(options: FakeEc2Options = {}) {
    const resolved = resolveOptions(options);
    super({
      makeAccount: (onChange) => new Account({ ...resolved, onChange }),
      makeGate: () => makeGate(resolved),
    });
    this.#options = resolved;
    const pass: PassGate = (call, effect) => this.call(call, effect);
    this.metrics = new FakeMetrics(resolved.clock, pass);
    this.commands = new FakeCommands(pass, (id) => this.instance(id)?.state === 'running');
  }

  runInstances(input: ec2.RunInstancesInput, { signal }: Options = {}): Promise<readonly ec2.Ec2Instance[]> {
    return this.call({ action: 'RunInstances', instances: input.maxCount, signal }, (account) =>
      runInstances(account, input).map((machine) => toInstance(machine, around(account, machine))),
    );
  }

  describeInstances(input: ec2.DescribeInstancesInput, { signal }: Options = {}): Promise<ec2.Ec2InstancePage> {
    return this.call({ action: 'DescribeInstances', isUnbounded: isUnbounded(input), signal }, (account) => {
      const { items, ...next } = describeInstances(account, input);
      const { machines } = account;
      const shown = items.map((machine) => toInstance(machine, around(account, machine), machines.shownState(machine)));
      return { instances: shown, ...next };
    });
  }

  startInstances(ids: readonly string[], { signal }: Options = {}): Promise<void> {
    return this.call({ action: 'StartInstances', instances: ids.length, signal }, (account) => startInstances(account, ids));
  }

  /** `force` makes no difference here: nobody is inside to be asked. */
  stopInstances(ids: readonly string[], { signal, ...how }: Options & ec2.Ec2StopOptions = {}): Promise<void> {
    return this.call({ action: 'StopInstances', instances: ids.length, signal }, (account) => stopInstances(account, ids, how));
  }

  rebootInstances(ids: readonly string[], { signal }: Options = {}): Promise<void> {
    return this.call({ action: 'RebootInstances', instances: ids.length, signal }, (account) => rebootInstances(account, ids));
  }

  terminateInstances(ids: readonly string[], { signal }: Options = {}): Promise<void> {
    const call = { action: 'TerminateInstances', instances: ids.length, signal };
    return this.call(call, (account) => terminateInstances(account, ids));
  }

  getConsoleOutput(id: string, { signal }: Options = {}): Promise<ec2.Ec2ConsoleOutput> {
    return this.call({ action: 'GetConsoleOutput', signal }, ({ machines }) => {
      const [machine] = machines.require([id]);
      return machine === undefined ? { output: '' } : consoleOutput(machine);
    });
  }

  /** `wakeUp` wakes nobody here. */
  getConsoleScreenshot({ instanceId }: { readonly instanceId: string }, { signal }: Options = {}): Promise<Uint8Array> {
    return this.call({ action: 'GetConsoleScreenshot', signal }, ({ machines }) => {
      const [machine] = machines.require([instanceId]);
      return Buffer.from(machine === undefined ? '' : consoleScreenshot(machine), 'base64');
    });
  }

  getPasswordData(id: string, { signal }: Options = {}): Promise<string> {
    return this.call({ action: 'GetPasswordData', signal }, ({ machines }) => machines.require([id])[0]?.passwordData ?? '');
  }

  sendSerialConsoleSSHPublicKey(
    input: { readonly instanceId: string; readonly publicKey: string },
    { signal }: Options = {},
  ): Promise<void> {
    return this.call({ action: 'SendSerialConsoleSSHPublicKey', signal }, (account) => pushSerialKey(account, input));
  }

  describeAvailabilityZones({ signal }: Options = {}): Promise<readonly ec2.Ec2Zone[]> {
    return this.call({ action: 'DescribeAvailabilityZones', signal }, ({ region }) => region.zones);
  }

  describeInstanceTypes(input: { readonly nextToken?: string }, { signal }: Options = {}): Promise<ec2.Ec2InstanceTypePage> {
    return this.call({ action: 'DescribeInstanceTypes', signal }, ({ region }) => {
      const { items, ...next } = pageOf(region.types, this.#options.cataloguePageSize, input.nextToken);
      return { types: items, ...next };
    });
  }

  describeInstanceTypeOfferings(input: { readonly nextToken?: string }, { signal }: Options = {}): Promise<ec2.Ec2OfferingPage> {
    return this.call({ action: 'DescribeInstanceTypeOfferings', signal }, ({ region }) => {
      const all = region.zones.flatMap(({ name: zone }) =>
        region.types
          .filter(({ instanceType }) => !region.notOffered[zone]?.includes(instanceType))
          .map(({ instanceType }) => ({ instanceType, zone })),
      );
      const { items, ...next } = pageOf(all, this.#options.cataloguePageSize, input.nextToken);
      return { offerings: items, ...next };
    });
  }

  describeSpotPriceHistory(
    input: { readonly startTime: string; readonly nextToken?: string },
    { signal }: Options = {},
  ): Promise<ec2.Ec2SpotPricePage> {
    return this.call({ action: 'DescribeSpotPriceHistory', signal }, ({ region }) => {
      const { items, ...next } = pageOf(region.spotPrices, this.#options.cataloguePageSize, input.nextToken);
      return { prices: items, ...next };
    });
  }

  describeImages(input: ec2.DescribeImagesInput, { signal }: Options = {}): Promise<readonly ec2.Ec2Image[]> {
    return this.call({ action: 'DescribeImages', signal }, ({ images }) => images.describe(input));
  }

  describeSubnets(
    input: { readonly ids?: readonly string[]; readonly defaultForAz?: boolean },
    { signal }: Options = {},
  ): Promise<readonly ec2.Ec2Subnet[]> {
    return this.call({ action: 'DescribeSubnets', signal }, ({ subnets }) => subnets.describe(input));
  }

  describeSecurityGroups(
    { filters }: { readonly filters: Readonly<Record<string, readonly string[]>> },
    { signal }: Options = {},
  ): Promise<readonly ec2.Ec2SecurityGroup[]> {
    return this.call({ action: 'DescribeSecurityGroups', signal }, ({ securityGroups }) =>
      securityGroups.all().filter(groupFilter(filters)),
    );
  }

  describeKeyPairs(names: readonly string[], { signal }: Options = {}): Promise<readonly ec2.Ec2KeyPair[]> {
    return this.call({ action: 'DescribeKeyPairs', signal }, ({ keyPairs }) => keyPairs.describe(names));
  }

  importKeyPair(
    input: { readonly name: string; readonly publicKey: string; readonly tags: ec2.Ec2Tags },
    { signal }: Options = {},
  ): Promise<ec2.Ec2KeyPair> {
    return this.call({ action: 'ImportKeyPair', signal }, ({ keyPairs }) => keyPairs.import(input));
  }
}

const around = ({ ownerId, volumes }: Account, machine: Machine): Surroundings => ({
  ownerId,
  blockDevices: volumes.devicesOf(machine),
});

function makeGate({ clock, buckets, latencyMs }: ResolvedOptions): Gate {
  const limits = buckets === true ? publishedLimits : buckets;
  const gate = new Gate({ clock, throttle: limits === false ? undefined : new Throttle(clock, limits) });
  gate.latencyMs = latencyMs;
  return gate;
}

function isUnbounded({ ids = [], filters = {}, maxResults }: ec2.DescribeInstancesInput): boolean {
  return ids.length === 0 && Object.keys(filters).length === 0 && maxResults === undefined;
}
