import type { ProviderAbilities } from '@burstcell/provider';
import { accountPage } from './account-pages.js';
import type { AccountRegistry } from './account-registry.js';

export type Adoption = Required<Pick<ProviderAbilities, 'unowned' | 'adopt' | 'release'>>;

/** Taking in machines of any account of the cell. */
export function accountAdoption(accounts: AccountRegistry): Adoption {
  return {
    async unowned(page, options) {
      const { account, token, after } = accountPage(accounts, page);
      const { machines, next } = await account.provider.unowned(token, options);
      return { machines: machines.map((found) => ({ ...found, machine: account.shown(found.machine) })), ...after(next) };
    },
    async adopt(text, uuid, options) {
      const { account, id } = accounts.find(text);
      return account.provider.adopt(id, uuid, options);
    },
    async release(text, options) {
      const { account, id } = accounts.find(text);
      return account.provider.release(id, options);
    },
  };
}
