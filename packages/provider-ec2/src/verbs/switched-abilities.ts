import type { CallOptions, ProviderAbilities } from '@burstcell/provider';
import type { Ec2Verbs } from '../context.js';
import { guarded } from '../limits/errors.js';
import { bandwidth } from './bandwidth.js';
import { ensureAddress } from './elastic-address.js';
import { protect } from './protect.js';
import { openSerial } from './serial-console.js';
import { setPassword } from './set-password.js';

/** Abilities that cost money or need rights besides, and are there where an option switches them on. */
export type SwitchedAbilities = Pick<ProviderAbilities, 'bandwidth' | 'setPassword' | 'protect' | 'openSerial' | 'ensureAddress'>;

export function switchedAbilities(ec2: Ec2Verbs): SwitchedAbilities {
  const { metrics, commands } = ec2.services;
  const { lockProtects, serialConsole: serial, elasticAddress } = ec2.config;
  const of = (options?: CallOptions) => options?.signal;
  return {
    ...(metrics && { bandwidth: (ids, since, options) => guarded(bandwidth(ec2, metrics, { ids, since }, of(options))) }),
    ...(commands && {
      setPassword: (id, password, options) => guarded(setPassword(ec2, commands, { id, password }, of(options))),
    }),
    ...(serial && { openSerial: (id, options) => guarded(openSerial(ec2, id, { serial, signal: of(options) })) }),
    ...(elasticAddress !== 'never' && {
      ensureAddress: (id, wish, options) => guarded(ensureAddress(ec2, id, wish, of(options))),
    }),
    ...(lockProtects && { protect: (id, on, options) => guarded(protect(ec2, id, on, of(options))) }),
  };
}
