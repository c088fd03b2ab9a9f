import type { FlavorRequest, JsonObject, Launch, LaunchRequest } from '@burstcell/provider';
import { wantsHibernation } from '../planning/hibernation-spec.js';
import { readOffering } from '../planning/offering-parameters.js';
import type { RunInstancesInput } from '../ports/ec2-api.js';
import { freeze, readLaunch } from './freeze.js';

type Frozen = Parameters<typeof freeze>[0];

/**
 * Freezes launches; those of flavors that ask for it allow hibernation, which needs an encrypted root volume
 * that holds the memory as well (AWS: "Prerequisites for EC2 instance hibernation"). Pure.
 */
export function freezeHibernating(frozen: Frozen, requests: readonly LaunchRequest[]): readonly Launch[] {
  const asking = requests.filter(({ flavor }) => wantsHibernation(flavor));
  const others = requests.filter(({ flavor }) => !wantsHibernation(flavor));
  const { typeMemoryMb } = readOffering(frozen.offering);
  const memoryGb =
    typeMemoryMb === undefined
      ? Math.max(0, ...asking.map(({ flavor }) => likelyMemoryGb(flavor)))
      : Math.ceil(typeMemoryMb / 1024);
  const hibernating = asking.length === 0 ? [] : freeze(frozen, asking);
  const plain = others.length === 0 ? [] : freeze(frozen, others);
  return [...hibernating.map((launch) => allowing(launch, memoryGb)), ...plain];
}

function allowing(launch: Launch, memoryGb: number): Launch {
  const { run, key } = readLaunch(launch);
  const { rootDevice } = run;
  const root = rootDevice && { ...rootDevice, sizeGb: rootDevice.sizeGb + memoryGb, encrypted: true };
  const hibernating: RunInstancesInput = { ...run, hibernation: true, ...(root ? { rootDevice: root } : {}) };
  return { ...launch, parameters: { run: hibernating, key } as unknown as JsonObject };
}

/** For offerings of earlier versions: types come in powers of two, and most that a flavor fits into have no more than the next. */
function likelyMemoryGb({ memoryMb }: FlavorRequest): number {
  return 2 ** Math.max(0, Math.ceil(Math.log2(memoryMb / 1024)));
}
