import { kindOf, type Launch, ProviderError, type ProviderInstance } from '@burstcell/provider';
import type { LaunchRow, ProviderInstanceRow, Write } from '@burstcell/store';
import { unsupportedVerb } from './failure.js';
import { machineOf, machineWrite } from './machine.js';
import type { OperationContext } from './verb.js';

/**
 * Ends every machine that was or may have been started for the instance. A launch whose reply was
 * lost is called once more with its token: that names its machine for certain, where a search by
 * tag may come too early. One that was adopted and is protected is released instead. Repeat-safe; rejects when the
 * provider is away. Answers what to record.
 */
export async function endMachines(context: OperationContext): Promise<readonly Write[]> {
  const { instance, store, now } = context;
  const known = await context.machine();
  const writes: Write[] = [];
  if (known?.adopted === 'protected') return release(context, known);
  if (known !== null) writes.push(await end(context, known));

  for (const launch of await store.launches.of(instance.uuid)) {
    if (launch.outcome !== 'intended' && (launch.outcome !== 'launched' || known !== null)) continue;
    const machine = await settle(context, launch);
    writes.push({ write: 'settle-launch', token: launch.token, outcome: machine === 'refused' ? 'refused' : 'launched' });
    if (machine === 'refused' || machine === undefined || machine.providerId === known?.providerId) continue;
    await terminate(context, machine.providerId);
    writes.push(machineWrite(instance.uuid, { ...machine, state: 'terminating' }, now(), 0));
  }
  return writes;
}

async function end(context: OperationContext, row: ProviderInstanceRow): Promise<Write> {
  const { instance, now } = context;
  const machine = machineOf(row);
  await terminate(context, row.providerId);
  // Watched until the vendor says it has ended: only then does it cost nothing.
  return machineWrite(instance.uuid, { ...machine, state: 'terminating' }, now(), 0);
}

/**
 * nova has allowed the end, so what protects the machine is lifted: an admin deletes a locked instance, or the unlock was
 * overtaken. It is then ended by the next try, since the vendor may take a moment to know.
 */
async function terminate({ provider, signal }: OperationContext, providerId: string): Promise<void> {
  try {
    await provider.terminate(providerId, { signal });
  } catch (error) {
    if (kindOf(error) !== 'conflict' || provider.protect === undefined) throw error;
    await provider.protect(providerId, false, { signal });
    throw new ProviderError('unavailable', `${providerId} was protected, which has been lifted`, {
      cause: error,
      userMessage: 'The machine is protected against its end, which is being lifted.',
    });
  }
}

/**
 * A machine that was taken in, and not to be ended: it loses our tags and runs on. For its instance it has ended, so that
 * nobody looks at it any more; the event says what became of it.
 */
async function release(context: OperationContext, row: ProviderInstanceRow): Promise<readonly Write[]> {
  const { provider, signal, instance, origin, now } = context;
  if (provider.release === undefined) throw unsupportedVerb('release', provider.name);
  await provider.release(row.providerId, { signal });
  const details = `Machine ${row.providerId} was adopted and is protected: it runs on, and is no longer the cell's.`;
  const at = now();
  return [
    machineWrite(instance.uuid, { ...machineOf(row), state: 'terminated', reason: details }, at, null),
    {
      write: 'add-action-event',
      uuid: instance.uuid,
      requestId: origin.requestId,
      event: 'machine_left_running',
      startedAt: at,
      finishedAt: at,
      result: 'Success',
      details,
      host: instance.host,
    },
  ];
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
