import { type FlavorRequest, type LaunchRequest, ProviderError } from '@burstcell/provider';
import type { Ec2Context } from '../context.js';
import type { Ec2Instance, Ec2InstanceType } from '../ports/ec2-api.js';
import { candidateTypes } from './candidates.js';
import type { CatalogueFacts } from './catalogue.js';
import { readHints } from './hints.js';

/** Instance types this machine could take for that flavor, best first: the same choice as at boot, less what its drivers rule out. */
export async function sizes(
  ec2: Ec2Context,
  id: string,
  flavor: FlavorRequest,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const [machine, catalogue] = await Promise.all([ec2.instances.one(id, signal), ec2.catalogue.get(signal)]);
  const request = requestFor(flavor);
  const hints = readHints(request, ec2.config);
  const candidates = await candidateTypes(request, hints, {
    priceOf: ec2.prices.known(hints.market).order,
    architecture: machine.architecture ?? 'x86_64',
    interfaces: machine.interfaces.length,
    settings: ec2.config,
    catalogue: async () => catalogue,
  });
  const fitting = candidates.filter((name) => misfit(machine, name, catalogue) === undefined);
  const [first] = candidates;
  if (fitting.length === 0) throw misfits(machine, first ?? flavor.name, misfit(machine, first ?? '', catalogue));
  return fitting;
}

/** Throws `unsupported` when this machine can never take that type. */
export async function checkSize(ec2: Ec2Context, machine: Ec2Instance, size: string, signal?: AbortSignal): Promise<void> {
  const why = misfit(machine, size, await ec2.catalogue.get(signal));
  if (why !== undefined) throw misfits(machine, size, why);
}

interface Rule {
  readonly why: string;
  readonly breaks: (machine: Ec2Instance, type: Ec2InstanceType) => boolean;
}

/** AWS: "Compatibility for changing the instance type". What EC2 does not tell is left to EC2's own judgement. */
const RULES: readonly Rule[] = [
  {
    why: 'has another processor architecture',
    breaks: ({ architecture }, type) => architecture !== undefined && !type.architectures.includes(architecture),
  },
  {
    why: 'needs another kind of virtualization',
    breaks: ({ virtualizationType: own }, { virtualizationTypes: some }) =>
      own !== undefined && some !== undefined && !some.includes(own),
  },
  {
    why: "needs the ENA network driver, which the server's image lacks",
    breaks: ({ enaSupport }, type) => enaSupport === false && type.enaSupport === 'required',
  },
];

/** Why the machine cannot take that type; undefined when it can. */
function misfit(machine: Ec2Instance, size: string, { types, zonesOf }: CatalogueFacts): string | undefined {
  if (machine.market === 'spot') return 'cannot be taken by a spot server';
  const type = types.get(size);
  if (!type) return 'does not exist in this region';
  const broken = RULES.find(({ breaks }) => breaks(machine, type));
  if (broken) return broken.why;
  return zonesOf.get(size)?.has(machine.availabilityZone) === false
    ? `is not offered in the server's zone ${machine.availabilityZone}`
    : undefined;
}

function misfits({ instanceId }: Ec2Instance, size: string, why = 'does not fit'): ProviderError {
  return new ProviderError('unsupported', `${instanceId}: instance type ${size} ${why}`, {
    subject: 'flavor',
    userMessage: `The server cannot be resized: instance type ${size.slice(0, 40)} ${why}; choose another flavor or boot anew.`,
  });
}

/** The choice of types is made for launches; only the flavor speaks here. */
function requestFor(flavor: FlavorRequest): LaunchRequest {
  return {
    ...{ uuid: '', projectId: '', userId: '', displayName: '', hostname: '', flavor },
    image: { id: null, name: null, properties: {}, minDiskGb: 0, checksum: null, providerImageId: null },
    ...{ keyPair: null, userData: null, metadata: {}, zone: null, disabledZones: [], securityGroups: [], networks: [] },
    ...{ injectedFiles: [], adminPassword: null, configDrive: false, schedulerHints: {} },
  };
}
