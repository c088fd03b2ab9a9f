import { Ec2OptionError } from '../settings/option-reader.js';

/** What names things of one account: an entry that does not set it goes without, whatever `[ec2]` has. */
const OWN = [
  'role_arn',
  'external_id',
  'subnets',
  'security_group_ids',
  'security_group_map',
  'network_map',
  'elastic_address_pool',
  'placement_group_map',
  'key_pair_map',
  'iam_instance_profile',
];

/** What accounts may share: an entry that does not set it has that of `[ec2]`. */
const SHARED = ['security_group_names', 'image_map', 'default_ami', 'volume_boot_ami', 'rescue_ami', 'import_bucket'];

/** Options that an entry of the accounts file may set; all others are the cell's. */
const ENTRY_OPTIONS: readonly string[] = [...OWN, ...SHARED];

/**
 * The options of an entry as they would stand in a section. A map is a JSON object, a list an array, and both may
 * be written as in the section. Throws {@link Ec2OptionError}.
 */
export function entryTexts(
  section: Readonly<Record<string, string>>,
  entry: Readonly<Record<string, unknown>>,
): Readonly<Record<string, string>> {
  const unknown = Object.keys(entry).find((key) => !ENTRY_OPTIONS.includes(key));
  if (unknown !== undefined)
    throw new Ec2OptionError(unknown, 'is no option of an account', `use one of ${ENTRY_OPTIONS.join(', ')}`);
  if (entry.role_arn === undefined)
    throw new Ec2OptionError('role_arn', 'is not set', 'write the role to act as in this account');
  const shared = Object.entries(section).filter(([key]) => !OWN.includes(key) && key !== 'accounts_file');
  const own = Object.entries(entry).map(([key, value]) => [key, toText(key, value)]);
  return { ...Object.fromEntries(shared), ...Object.fromEntries(own) };
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toText(key: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map((item) => word(key, item)).join(',');
  if (!isRecord(value)) throw malformed(key);
  return Object.entries(value)
    .map(([name, of]) => `${word(key, name)}:${(Array.isArray(of) ? of : [of]).map((item) => word(key, item)).join('|')}`)
    .join(',');
}

/** What separates in a section cannot be part of a name. */
function word(key: string, value: unknown): string {
  if (typeof value !== 'string' || value === '' || /[,|]/.test(value)) throw malformed(key);
  return value;
}

function malformed(key: string): Ec2OptionError {
  return new Ec2OptionError(key, 'is neither text nor a list or map of texts', 'use names without commas and bars');
}
