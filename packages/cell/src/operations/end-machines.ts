import { type Launch, ProviderError, type ProviderInstance } from '@burstcell/provider';
import type { LaunchRow, ProviderInstanceRow, Write } from '@burstcell/store';
import { machineOf, machineWrite } from './machine.js';
import type { OperationContext } from './verb.js';

/**
 * Ends every machine that was or may have been started for the instance. A launch whose reply was
 * lost is called once more with its token: that names its machine for certain, where a search by
 * tag may come too early. Repeat-safe; rejects when the provider is away. Answers what to record.
 */
export async function endMachines(context: OperationContext): Promise<readonly Write[]> {
  const { instance, provider, signal, store, now } = context;
  const known = await context.machine();
  const writes: Write[] = [];
  if (known !== null) writes.push(await end(context, known));

  for (const launch of await store.launches.of(instance.uuid)) {
    if (launch.outcome !== 'intended' && (launch.outcome !== 'launched' || known !== null)) continue;
    const machine = await settle(context, launch);
    writes.push({ write: 'settle-launch', token: launch.token, outcome: machine === 'refused' ? 'refused' : 'launched' });
    if (machine === 'refused' || machine === undefined || machine.providerId === known?.providerId) continue;
    await provider.terminate(machine.providerId, { signal });
    writes.push(machineWrite(instance.uuid, { ...machine, state: 'terminating' }, now(), 0));
  }
  return writes;
}

async function end({ provider, signal, instance, now }: OperationContext, row: ProviderInstanceRow): Promise<Write> {
  const machine = machineOf(row);
  await provider.terminate(row.providerId, { signal });
  // Watched until the vendor says it has ended: only then does it cost nothing.
  return machineWrite(instance.uuid, { ...machine, state: 'terminating' }, now(), 0);
}

/**
 * Our machine of a launch of which nothing is known, whoever else is in it; `refused` when the vendor
 * started nothing or knows the token as spent.
 */
async function settle(
  { launcher, instance }: OperationContext,
  launch: LaunchRow,
): Promise<ProviderInstance | 'refused' | undefined> {
  try {
    return (await launcher.replay(launch as unknown as Launch)).get(instance.uuid);
  } catch (error) {
    const startedNothing = error instanceof ProviderError && !['throttled', 'unavailable'].includes(error.kind);
    if (startedNothing) return 'refused';
    throw error;
  }
}
