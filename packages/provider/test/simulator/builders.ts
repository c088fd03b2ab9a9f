import type { Launch, LaunchRequest, Offering, Provider, ProviderAbilities, ProviderInstance } from '@burstcell/provider';
import { aLaunchRequest } from '@burstcell/provider/conformance';
import { ManualClock, SimulatedCloud, type SimulatedCloudOptions, Simulator } from '@burstcell/provider/simulator';

export function aRequest(overrides: Partial<LaunchRequest> = {}): LaunchRequest {
  return aLaunchRequest(overrides);
}

/** A provider that was made with all abilities. */
export function able(provider: Provider): Provider & Required<ProviderAbilities> {
  return provider as Provider & Required<ProviderAbilities>;
}

export function withMemory(memoryMb: number, vcpus = 1): Partial<LaunchRequest> {
  return { flavor: { ...aLaunchRequest().flavor, memoryMb, vcpus } };
}

export function inZone(zone: string): Offering {
  return { key: zone, zone, parameters: {} };
}

export function frozen(provider: Provider, request = aRequest(), zone = 'zone-a'): Launch {
  return first(provider.freeze([request], inZone(zone), 1));
}

export async function launched(provider: Provider, request = aRequest(), zone = 'zone-a'): Promise<ProviderInstance> {
  return first([...(await provider.launch(frozen(provider, request, zone))).values()]);
}

export async function stateOf(provider: Provider, { providerId }: { readonly providerId: string }): Promise<string | undefined> {
  return (await provider.describe([providerId])).get(providerId)?.state;
}

export function first<T>(items: readonly T[]): T {
  const [item] = items;
  if (item === undefined) throw new Error('there is none');
  return item;
}

/** Every delay of {@link aSlowCloud}. */
export const SLOW_MS = 30_000;

/** A cloud on which everything takes its time, by a clock that the test moves. */
export function aSlowCloud(options: SimulatedCloudOptions = {}) {
  const clock = new ManualClock();
  const delays = { bootMs: SLOW_MS, stopMs: SLOW_MS, terminateMs: SLOW_MS, changeMs: SLOW_MS, snapshotMs: SLOW_MS };
  const cloud = new SimulatedCloud({ ...delays, ...options, clock });
  return { clock, cloud, provider: able(new Simulator({ cloud })) };
}

/** A running machine of that cloud. */
export async function running({ clock, provider }: ReturnType<typeof aSlowCloud>): Promise<ProviderInstance> {
  const machine = await launched(provider);
  clock.advance(SLOW_MS);
  return machine;
}
