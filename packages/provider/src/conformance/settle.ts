import { setTimeout as sleep } from 'node:timers/promises';
import type { ProviderState } from '../observed.js';
import type { Provider } from '../provider.js';
import { SETTLE_POLL_MS, SETTLE_TIMEOUT_MS } from '../timings.js';

/**
 * Resolves once `describe` shows the machine in this state; for `terminated` also once it
 * shows it no longer. Rejects after {@link SETTLE_TIMEOUT_MS} of looking in vain.
 *
 * `pause` runs between two looks: real time unless given; a setup with a clock of its own
 * moves that clock instead.
 */
export async function untilState(
  provider: Provider,
  wanted: { readonly providerId: string; readonly state: ProviderState },
  pause: () => void | Promise<void> = () => sleep(SETTLE_POLL_MS),
): Promise<void> {
  const { providerId, state } = wanted;
  const deadline = performance.now() + SETTLE_TIMEOUT_MS;
  let seen: ProviderState | undefined;
  do {
    seen = (await provider.describe([providerId])).get(providerId)?.state;
    if (seen === state || (seen === undefined && state === 'terminated')) return;
    await pause();
  } while (performance.now() < deadline);
  throw new Error(`${providerId} is ${seen ?? 'not found'}, ${state} was waited for`);
}
