import type { UnownedMachine } from '@burstcell/provider';
import type { InstanceView, JsonObject } from '@burstcell/store';
import { type Adoption, adoptionOf } from '../../operations/adoption.js';
import { CliError } from '../cli-error.js';
import type { Cloud } from '../with-cloud.js';
import { NONE_KNOWN, namedFlavor, nearestFlavor } from './flavor-choice.js';

/** What the command line says of the instances to be. */
export interface AdoptionOptions {
  readonly project: string;
  readonly user: string;
  /** A name or id, or `auto`. */
  readonly flavor: string;
  /** Of the first; absent: what the owner calls each machine. */
  readonly name?: string;
  readonly deletable: boolean;
}

/** A machine that is to be taken in, or one whose instance is there already. */
export type Wish = { readonly adoption: Adoption } | { readonly providerId: string; readonly instance: InstanceView };

/** One for each machine, in order. Throws for the first that cannot be taken in: then nothing has been recorded. */
export async function wishesFor(
  cloud: Cloud,
  providerIds: readonly string[],
  machines: readonly UnownedMachine[],
  options: AdoptionOptions,
): Promise<readonly Wish[]> {
  const flavors = await cloud.store.flavors.list();
  const wishes: Wish[] = [];
  for (const [index, providerId] of [...new Set(providerIds)].entries()) {
    const { uuid, instance } = await adoptionOf(cloud.store, cloud.owner, providerId);
    if (instance !== null) wishes.push({ providerId, instance });
    else wishes.push({ adoption: adoptionFor(cloud, found(machines, providerId), { ...options, uuid, index, flavors }) });
  }
  return wishes;
}

/** States in which an instance can rest. */
const AT_REST = ['running', 'stopped', 'paused', 'suspended'];

function found(machines: readonly UnownedMachine[], providerId: string): UnownedMachine {
  const machine = machines.find((each) => each.machine.providerId === providerId);
  if (machine === undefined) {
    const remedy = "Look with 'burstcell adopt --list': it is unknown in this region, has ended, or carries a cell's tag.";
    throw new CliError(`${providerId} cannot be adopted`, remedy);
  }
  if (AT_REST.includes(machine.machine.state)) return machine;
  throw new CliError(`${providerId} is ${machine.machine.state}`, 'Wait until it runs or is stopped, and try again.');
}

interface Chosen extends AdoptionOptions {
  readonly uuid: string;
  readonly index: number;
  readonly flavors: readonly JsonObject[];
}

function adoptionFor({ hosts }: Cloud, unowned: UnownedMachine, chosen: Chosen): Adoption {
  const { machine } = unowned;
  const { uuid, project, user, deletable } = chosen;
  return {
    ...{ uuid, machine, projectId: project, userId: user, isDeletable: deletable },
    name: nameFor(unowned, chosen),
    flavor: flavorFor(unowned, chosen),
    host: hosts.hostOf(machine.zone),
  };
}

/** As nova names the servers of one request. */
function nameFor({ machine, name }: UnownedMachine, { name: given, index }: Chosen): string {
  if (given !== undefined) return index === 0 ? given : `${given}-${index + 1}`;
  return name ?? machine.providerId;
}

function flavorFor(unowned: UnownedMachine, { flavor, flavors }: Chosen): JsonObject {
  if (flavor !== 'auto') return namedFlavor(flavors, flavor);
  const nearest = nearestFlavor(flavors, unowned);
  if (nearest !== null) return nearest;
  const remedy = flavors.length === 0 ? NONE_KNOWN : 'The size of the machine is not known: name a flavor with --flavor.';
  throw new CliError(`no flavor was found for ${unowned.machine.providerId}`, remedy);
}
