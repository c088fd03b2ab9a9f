import { ProviderError } from '@burstcell/provider';
import type { Ec2Settings } from '../settings/config.js';

/** What a server's metadata must say where elastic addresses are given on request. */
export const ADDRESS_KEY = 'elastic_address';

const YES = /^(true|yes|on|1)$/i;
const NO = /^(|false|no|off|0)$/i;

/** Whether a server of that metadata is to have an elastic address. Throws `invalid` for a word that means neither yes nor no. */
export function isWished(
  { elasticAddress }: Pick<Ec2Settings, 'elasticAddress'>,
  metadata: Readonly<Record<string, string>>,
): boolean {
  if (elasticAddress !== 'on-request') return elasticAddress === 'always';
  const word = (metadata[ADDRESS_KEY] ?? '').trim();
  if (YES.test(word) || NO.test(word)) return YES.test(word);
  throw new ProviderError('invalid', `metadata ${ADDRESS_KEY} is ${JSON.stringify(word.slice(0, 40))}`, {
    subject: 'network',
    userMessage: `The metadata ${ADDRESS_KEY} must be true or false.`,
  });
}
