import type { ProviderAbilities, ProviderAbility } from '../abilities.js';
import type { Provider } from '../provider.js';
import type { ProviderSetup } from './setup.js';

/** Every ability there is; the compiler sees to it that none is missing. */
const EVERY: Readonly<Record<ProviderAbility, true>> = {
  consoleOutput: true,
  pause: true,
  unpause: true,
  suspend: true,
  resume: true,
  sizes: true,
  resize: true,
  resolveImage: true,
  rebuild: true,
  rescue: true,
  unrescue: true,
  snapshot: true,
  describeSnapshots: true,
  deleteSnapshot: true,
  encryptedPassword: true,
  setPassword: true,
  diagnostics: true,
  bandwidth: true,
  connectConsole: true,
  validateConsole: true,
  openSerial: true,
  screenshot: true,
  describeVolumes: true,
  bootFromVolume: true,
  attachVolume: true,
  detachVolume: true,
  addFixedIp: true,
  removeFixedIp: true,
  ensureAddress: true,
  protect: true,
  label: true,
  changes: true,
  unowned: true,
  adopt: true,
  release: true,
  leftovers: true,
  deleteLeftover: true,
  prepareSecurityGroups: true,
  syncSecurityGroups: true,
};

/**
 * The setup, with the abilities that its provider is without: jest must know before the first test runs which
 * are to be shown as skipped. Makes one provider and closes it.
 */
export async function probed(setup: ProviderSetup): Promise<ProviderSetup> {
  const { provider, close } = await setup.make({});
  const absent = absentFrom(provider, Object.keys(EVERY) as ProviderAbility[]);
  await provider.close();
  await close?.();
  return { ...setup, absent };
}

export function absentFrom(provider: Provider, abilities: readonly ProviderAbility[]): ProviderAbility[] {
  return abilities.filter((ability) => provider[ability] === undefined);
}

/** The provider with abilities that are known to be there. */
export function able(provider: Provider): Provider & Required<ProviderAbilities> {
  return provider as Provider & Required<ProviderAbilities>;
}
