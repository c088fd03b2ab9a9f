import type { CloudState, Site } from './cloud-state.js';

/** Forgets what has been terminated long enough: first the machine, a day later its token. */
export function forgetOld({ state, settings }: Site): void {
  const nowMs = settings.clock.now();
  for (let gone = state.vanishing.takeDue(nowMs); gone !== undefined; gone = state.vanishing.takeDue(nowMs)) {
    state.machines.delete(gone.providerId);
    state.expiringTokens.put(gone.token, nowMs + settings.tokenMemoryMs - settings.terminatedVisibleMs);
  }
  for (let token = state.expiringTokens.takeDue(nowMs); token !== undefined; token = state.expiringTokens.takeDue(nowMs)) {
    forgetLaunch(state, token);
  }
}

/** A token outlives the last of its machines, not the first. */
function forgetLaunch(state: CloudState, token: string): void {
  const isInUse = state.launches.get(token)?.providerIds.some((id) => state.machines.has(id));
  if (isInUse !== true) state.launches.delete(token);
}
