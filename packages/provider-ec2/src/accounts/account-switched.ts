import type { Bandwidth, CallOptions } from '@burstcell/provider';
import type { SwitchedAbilities } from '../verbs/switched-abilities.js';
import { qualified } from './account-ids.js';
import { type AccountRegistry, byAccount, present } from './account-registry.js';

/** What an option switches on, it does for all accounts: each in the account that the machine is in. */
export function accountSwitched(accounts: AccountRegistry): SwitchedAbilities {
  const { bandwidth, setPassword, protect, openSerial, ensureAddress } = accounts.home.provider;
  return {
    ...(bandwidth && { bandwidth: (texts, since, options) => traffic(accounts, { texts, since }, options) }),
    ...(setPassword && {
      async setPassword(text, password, options) {
        const { account, id } = accounts.find(text);
        return present(account.provider.setPassword)(id, password, options);
      },
    }),
    ...(openSerial && {
      async openSerial(text, options) {
        const { account, id } = accounts.find(text);
        return present(account.provider.openSerial)(id, options);
      },
    }),
    ...(ensureAddress && {
      async ensureAddress(text, wish, options) {
        const { account, id } = accounts.find(text);
        return present(account.provider.ensureAddress)(id, wish, options);
      },
    }),
    ...(protect && {
      async protect(text, on, options) {
        const { account, id } = accounts.find(text);
        return present(account.provider.protect)(id, on, options);
      },
    }),
  };
}

async function traffic(
  accounts: AccountRegistry,
  { texts, since }: { readonly texts: readonly string[]; readonly since: Date },
  options?: CallOptions,
): Promise<ReadonlyMap<string, readonly Bandwidth[]>> {
  const groups = byAccount(accounts, texts, async (account, ids) => {
    const found = await present(account.provider.bandwidth)(ids, since, options);
    return [...found].map(([id, figures]) => [qualified(id, account.number), figures] as const);
  });
  return new Map((await Promise.all(groups.map(({ asked }) => asked))).flat());
}
