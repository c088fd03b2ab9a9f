import type { CallOptions, ImageRequest, ProviderSnapshot } from '@burstcell/provider';
import type { Ec2Abilities } from '../verbs/abilities.js';
import type { SwitchedAbilities } from '../verbs/switched-abilities.js';
import type { Account } from './account.js';
import { type Adoption, accountAdoption } from './account-adoption.js';
import { accountGroups, type GroupAbilities } from './account-groups.js';
import { qualified } from './account-ids.js';
import { accountLeftovers, type LeftoverAbilities } from './account-leftovers.js';
import { type AccountRegistry, byAccount } from './account-registry.js';
import { accountSwitched } from './account-switched.js';
import { accountVolumes, type VolumeAbility } from './account-volumes.js';

/** EC2's abilities, each in the account that the machine or image is in. */
export function accountAbilities(accounts: AccountRegistry): Ec2Abilities {
  return {
    ...machineAbilities(accounts),
    ...imageAbilities(accounts),
    ...accountVolumes(accounts),
    ...accountSwitched(accounts),
    ...accountAdoption(accounts),
    ...accountLeftovers(accounts),
    ...accountGroups(accounts),
  };
}

type ImageAbility = 'resolveImage' | 'rebuild' | 'rescue' | 'snapshot' | 'describeSnapshots' | 'deleteSnapshot';

function machineAbilities(
  accounts: AccountRegistry,
): Omit<
  Ec2Abilities,
  VolumeAbility | ImageAbility | keyof SwitchedAbilities | keyof Adoption | keyof LeftoverAbilities | keyof GroupAbilities
> {
  /** A verb whose other arguments mean the same in every account. */
  const verb =
    <Rest extends readonly unknown[], T>(call: (of: Account, id: string, ...rest: Rest) => Promise<T>) =>
    async (text: string, ...rest: Rest): Promise<T> => {
      const { account, id } = accounts.find(text);
      return call(account, id, ...rest);
    };
  return {
    consoleOutput: verb(({ provider }, id, options?: CallOptions) => provider.consoleOutput(id, options)),
    screenshot: verb(({ provider }, id, ...rest: Rest<'screenshot'>) => provider.screenshot(id, ...rest)),
    suspend: verb(({ provider }, id, options?: CallOptions) => provider.suspend(id, options)),
    resume: verb(({ provider }, id, options?: CallOptions) => provider.resume(id, options)),
    sizes: verb(({ provider }, id, ...rest: Rest<'sizes'>) => provider.sizes(id, ...rest)),
    resize: verb(({ provider }, id, ...rest: Rest<'resize'>) => provider.resize(id, ...rest)),
    unrescue: verb(({ provider }, id, ...rest: Rest<'unrescue'>) => provider.unrescue(id, ...rest)),
    encryptedPassword: verb(({ provider }, id, options?: CallOptions) => provider.encryptedPassword(id, options)),
    diagnostics: verb(({ provider }, id, options?: CallOptions) => provider.diagnostics(id, options)),
    addFixedIp: verb(({ provider }, id, ...rest: Rest<'addFixedIp'>) => provider.addFixedIp(id, ...rest)),
    removeFixedIp: verb(({ provider }, id, ...rest: Rest<'removeFixedIp'>) => provider.removeFixedIp(id, ...rest)),
    label: verb(({ provider }, id, ...rest: Rest<'label'>) => provider.label(id, ...rest)),
  };
}

/** What an ability takes after the machine's id. */
type Rest<A extends keyof Ec2Abilities> = Parameters<NonNullable<Ec2Abilities[A]>> extends [unknown, ...infer R] ? R : never;

/** Images and snapshots are named with their account, like machines: only machines of that account can use them. */
function imageAbilities(accounts: AccountRegistry): Pick<Ec2Abilities, ImageAbility> {
  return {
    resolveImage: (image, options) => resolveImage(accounts, image, options),
    async rebuild(text, wish, options) {
      const { account, id } = accounts.find(text);
      return account.provider.rebuild(id, { ...wish, providerImageId: account.id(wish.providerImageId, 'image') }, options);
    },
    async rescue(text, wish, options) {
      const { account, id } = accounts.find(text);
      const { providerImageId: image } = wish;
      return account.provider.rescue(id, { ...wish, providerImageId: image && account.id(image, 'image') }, options);
    },
    async snapshot(text, wish, options) {
      const { account, id } = accounts.find(text);
      return shownSnapshot(account, await account.provider.snapshot(id, wish, options));
    },
    describeSnapshots: (texts, options) => describeSnapshots(accounts, texts, options),
    async deleteSnapshot(text, options) {
      const { account, id } = accounts.find(text);
      return account.provider.deleteSnapshot(id, options);
    },
  };
}

/** For a machine, in its account; else where the image is, by default in the home account. */
async function resolveImage(
  accounts: AccountRegistry,
  image: ImageRequest,
  options: Parameters<Ec2Abilities['resolveImage']>[1],
): Promise<string> {
  const { providerImageId } = image;
  const { account } = accounts.find(options?.providerId ?? providerImageId ?? '');
  const own = { ...image, providerImageId: providerImageId && account.id(providerImageId, 'image') };
  return qualified(await account.provider.resolveImage(own, options), account.number);
}

async function describeSnapshots(
  accounts: AccountRegistry,
  texts: readonly string[],
  options?: CallOptions,
): Promise<ReadonlyMap<string, ProviderSnapshot>> {
  const groups = byAccount(accounts, texts, async (account, ids) => {
    const found = await account.provider.describeSnapshots(ids, options);
    return [...found.values()].map((snapshot) => shownSnapshot(account, snapshot));
  });
  const found = (await Promise.all(groups.map(({ asked }) => asked))).flat();
  return new Map(found.map((snapshot) => [snapshot.snapshotId, snapshot]));
}

function shownSnapshot(account: Account, snapshot: ProviderSnapshot): ProviderSnapshot {
  return { ...snapshot, snapshotId: qualified(snapshot.snapshotId, account.number) };
}
