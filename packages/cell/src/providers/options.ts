import { ec2Options } from '@burstcell/provider-ec2/options';
import type { OptionGroup } from '../config/option.js';

/** The providers' own sections of the configuration file. */
export const providerOptions: readonly OptionGroup[] = [
  {
    name: 'ec2',
    owner: 'burstcell',
    intro: 'Amazon EC2: which account and region this cell is, and what instances become there.',
    options: ec2Options,
  },
];
