import { ProviderError } from '@burstcell/provider';
import type { Account } from './account.js';
import type { AccountRegistry } from './account-registry.js';

interface AccountPage {
  readonly account: Account;
  /** EC2's own token; undefined: the first page of this account. */
  readonly token: string | undefined;
  /** Where to go on after a page that ended with this token: in this account, or in the next. */
  after(token: string | undefined): { readonly next?: string };
}

/** Account after account, that of `[ec2]` first: a page is called after its account and EC2's own token. Throws `invalid`. */
export function accountPage(accounts: AccountRegistry, page = ':'): AccountPage {
  const colon = page.indexOf(':');
  const number = page.slice(0, colon) || null;
  const at = accounts.all.findIndex((account) => account.number === number);
  const [account, following] = accounts.all.slice(at);
  if (colon === -1 || at === -1 || !account) throw new ProviderError('invalid', `${page} is no page of this list`);
  return {
    account,
    token: page.slice(colon + 1) || undefined,
    after(token) {
      if (token !== undefined) return { next: `${number ?? ''}:${token}` };
      return following === undefined ? {} : { next: `${following.number}:` };
    },
  };
}
