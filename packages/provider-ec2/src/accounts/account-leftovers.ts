import type { CallOptions, Leftover, ProviderAbilities } from '@burstcell/provider';
import type { Account } from './account.js';
import { qualified } from './account-ids.js';
import type { AccountRegistry } from './account-registry.js';

export type LeftoverAbilities = Required<Pick<ProviderAbilities, 'leftovers' | 'deleteLeftover'>>;

/** What is left in any account of the cell. One that cannot be asked fails the look. */
export function accountLeftovers(accounts: AccountRegistry): LeftoverAbilities {
  return {
    async leftovers(options) {
      return (await Promise.all(accounts.all.map((account) => leftoversIn(account, options)))).flat();
    },
    async deleteLeftover(leftover, options) {
      const { account, id: leftoverId } = accounts.find(leftover.leftoverId);
      const { id: providerId } = accounts.find(leftover.providerId);
      return account.provider.deleteLeftover({ ...leftover, leftoverId, providerId }, options);
    },
  };
}

async function leftoversIn({ provider, number }: Account, options?: CallOptions): Promise<readonly Leftover[]> {
  const found = await provider.leftovers(options);
  return found.map((leftover) => ({
    ...leftover,
    leftoverId: qualified(leftover.leftoverId, number),
    providerId: qualified(leftover.providerId, number),
  }));
}
