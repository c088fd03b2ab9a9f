import type { ProviderVolume } from '@burstcell/provider';
import type { Ec2Abilities } from '../verbs/abilities.js';
import type { Account } from './account.js';
import { qualified } from './account-ids.js';
import type { AccountRegistry } from './account-registry.js';

export type VolumeAbility = 'describeVolumes' | 'bootFromVolume' | 'attachVolume' | 'detachVolume';

/** Volumes serve machines of their own account. One that is named without its account is where its machine or project is. */
export function accountVolumes(accounts: AccountRegistry): Pick<Ec2Abilities, VolumeAbility> {
  return {
    async describeVolumes(texts, options = {}) {
      const { providerId, projectId } = options;
      const account = providerId === undefined ? accounts.ofProject(projectId ?? '') : accounts.find(providerId).account;
      const ids = new Map(texts.map((text) => [volumeId(account, text), text]));
      const found = await account.provider.describeVolumes([...ids.keys()], options);
      return new Map([...found].map(([id, volume]) => [ids.get(id) ?? id, shown(account, ids.get(id) ?? id, volume)]));
    },
    async bootFromVolume(text, boot, options) {
      const { account, id } = accounts.find(text);
      const own = { ...boot, providerVolumeId: volumeId(account, boot.providerVolumeId) };
      return account.provider.bootFromVolume(id, own, options);
    },
    async attachVolume(text, volume, options) {
      const { account, id } = accounts.find(text);
      const own = { ...volume, providerVolumeId: volumeId(account, volume.providerVolumeId) };
      return account.provider.attachVolume(id, own, options);
    },
    async detachVolume(text, providerVolumeId, options) {
      const { account, id } = accounts.find(text);
      return account.provider.detachVolume(id, volumeId(account, providerVolumeId), options);
    },
  };
}

/** EC2's own id. Throws `invalid` for a volume of another account. */
function volumeId(account: Account, text: string): string {
  return text.includes('@') ? account.id(text, 'volume') : text;
}

function shown({ number }: Account, providerVolumeId: string, volume: ProviderVolume): ProviderVolume {
  return { ...volume, providerVolumeId, attachedTo: volume.attachedTo && qualified(volume.attachedTo, number) };
}
