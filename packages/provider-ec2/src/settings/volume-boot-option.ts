import { Ec2OptionError, type OptionReader } from './option-reader.js';

/** Stands for every architecture that the map does not name. */
export const ANY_ARCHITECTURE = '*';

/** AMIs by architecture; one alone is for all. */
export function volumeBootAmi(read: OptionReader): Readonly<Record<string, string>> {
  const [only, second] = read.list('volume_boot_ami');
  if (only === undefined) return {};
  if (second === undefined && /^ami-[0-9a-z]+$/.test(only)) return { [ANY_ARCHITECTURE]: only };
  const amis = read.map('volume_boot_ami');
  const strange = Object.values(amis).find((ami) => !/^ami-[0-9a-z]+$/.test(ami));
  if (strange === undefined) return amis;
  throw new Ec2OptionError('volume_boot_ami', `${strange} is no AMI id`, 'write ami-1, or x86_64:ami-1,arm64:ami-2');
}
