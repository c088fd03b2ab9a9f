import { ProviderError, type ProviderSubject } from '@burstcell/provider';

/** Number of an AWS account beside the cell's own, which is null: its ids leave as they are. */
export type AccountNumber = string | null;

/** `i-0abc` of account 123456789012 is `i-0abc@123456789012` to the core. */
export function qualified(id: string, account: AccountNumber): string {
  return account === null ? id : `${id}@${account}`;
}

export function split(text: string): { readonly id: string; readonly account: AccountNumber } {
  const at = text.lastIndexOf('@');
  return at === -1 ? { id: text, account: null } : { id: text.slice(0, at), account: text.slice(at + 1) };
}

/** EC2's id of something that a machine or launch of this account is to use. Throws `invalid` for one of another account. */
export function idIn(account: AccountNumber, text: string, subject: ProviderSubject): string {
  const named = split(text);
  if (named.account === account) return named.id;
  throw new ProviderError('invalid', `${text} is not in account ${account ?? 'of [ec2]'}`, {
    subject,
    userMessage: `The ${subject} belongs to projects that this cloud keeps apart from yours and cannot be used here; choose another.`,
  });
}
