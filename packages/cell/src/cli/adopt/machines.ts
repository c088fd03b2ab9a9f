import type { Provider, UnownedMachine } from '@burstcell/provider';
import type { JsonObject } from '@burstcell/store';
import { CliError } from '../cli-error.js';
import { table } from '../table.js';
import { nearestFlavor } from './flavor-choice.js';

/** Every machine of the account that carries no cell's mark. Throws where the provider cannot tell. */
export async function unownedMachines(provider: Provider): Promise<readonly UnownedMachine[]> {
  if (provider.unowned === undefined) {
    throw new CliError(`provider ${provider.name} cannot adopt machines`, 'Do it where [burst] provider = ec2.');
  }
  const found: UnownedMachine[] = [];
  let next: string | undefined;
  do {
    const page = await provider.unowned(next);
    found.push(...page.machines);
    next = page.next;
  } while (next !== undefined);
  return found;
}

/** For `--list`. */
export function machinesTable(machines: readonly UnownedMachine[], flavors: readonly JsonObject[]): string {
  const head = ['id', 'name', 'type', 'zone', 'state', 'launched', 'flavor'];
  return table(
    head,
    machines.map((each) => {
      const { machine, name } = each;
      const { providerId, size, zone, state, launchedAt } = machine;
      const flavor = nearestFlavor(flavors, each)?.name ?? null;
      return [providerId, name ?? '', size ?? '', zone, state, launchedAt ?? '', flavor === null ? '' : String(flavor)];
    }),
  );
}
