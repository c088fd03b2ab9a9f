import type { Provider, ProviderInstance, ProviderState } from '@burstcell/provider';
import type { Json, JsonObject, ProviderInstanceRow, SetProviderInstance, Write } from '@burstcell/store';
import { LOOK_FIRST_MS, LOOK_GROWTH, LOOK_MAX_MS } from '../timings.js';

/** Where a machine stays by itself; other states are on their way. */
export const AT_REST: ReadonlySet<ProviderState> = new Set(['running', 'stopped', 'paused', 'suspended', 'terminated', 'error']);

/** The row for what the provider said of a machine. `look`: how often it was looked at since something was awaited; null when nothing is. */
export function machineWrite(uuid: string, machine: ProviderInstance, at: Date, look: number | null): SetProviderInstance {
  return {
    write: 'set-provider-instance',
    uuid,
    providerId: machine.providerId,
    launchToken: machine.launchToken,
    zone: machine.zone,
    state: machine.state,
    observed: { ...(machine as unknown as JsonObject), looks: look ?? 0, awaited: look !== null },
    observedAt: at,
    nextLookAt: look === null ? null : nextLook(at, look),
  };
}

/** As {@link machineWrite}, of a look that began with this row: nothing happens if an operation has changed it since. */
export function observedWrite(row: ProviderInstanceRow, machine: ProviderInstance, at: Date, look: number | null): Write {
  const known = { ...machine, launchToken: machine.launchToken ?? row.launchToken };
  const { state, nextLookAt } = row;
  const write = machineWrite(row.uuid, known, at, look);
  const observed = { ...write.observed, awaited: look !== null && isAwaited(row) };
  return { ...write, observed, write: 'observe-provider-instance', before: { state, nextLookAt } };
}

/** What a row says the machine was like when it was last seen. */
export function machineOf(row: ProviderInstanceRow): ProviderInstance {
  return row.observed as unknown as ProviderInstance;
}

/** The machine as the provider sees it now; undefined when it does not. */
export async function freshMachine(
  { provider, signal }: { readonly provider: Provider; readonly signal: AbortSignal },
  row: ProviderInstanceRow,
): Promise<ProviderInstance | undefined> {
  return (await provider.describe([row.providerId], { signal })).get(row.providerId);
}

/** The watcher is to look at it soon, as if for the first time. */
export function watchWrite(row: ProviderInstanceRow, now: Date): Write {
  return {
    write: 'set-provider-instance',
    uuid: row.uuid,
    providerId: row.providerId,
    launchToken: row.launchToken,
    zone: row.zone,
    state: row.state,
    observed: { ...row.observed, looks: 0, awaited: true },
    observedAt: row.observedAt,
    nextLookAt: nextLook(now, 0),
  };
}

export function looksOf(row: ProviderInstanceRow): number {
  const looks: Json | undefined = row.observed.looks;
  return typeof looks === 'number' ? looks : 0;
}

/** An operation waits for what the next look shows; else the provider said that there is something to be seen. */
export function isAwaited(row: ProviderInstanceRow): boolean {
  return row.observed.awaited === true;
}

/** Soon at first, then ever more slowly. */
function nextLook(now: Date, look: number): Date {
  return new Date(now.getTime() + Math.min(LOOK_MAX_MS, LOOK_FIRST_MS * LOOK_GROWTH ** look));
}
