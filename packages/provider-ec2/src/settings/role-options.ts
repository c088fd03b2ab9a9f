import { Ec2OptionError, type OptionReader } from './option-reader.js';

/** The account number in a role's ARN; undefined when it is none (AWS: IAM identifiers). */
export function accountOf(roleArn: string): string | undefined {
  return /^arn:aws[\w-]*:iam::(\d{12}):role\/[\w+=,.@/-]+$/.exec(roleArn)?.[1];
}

/** Throws {@link Ec2OptionError}. */
export function roleOptions(read: OptionReader): { readonly roleArn?: string; readonly externalId?: string } {
  const roleArn = read.optional('role_arn');
  const externalId = read.optional('external_id');
  if (roleArn !== undefined && accountOf(roleArn) === undefined) {
    throw new Ec2OptionError('role_arn', `${roleArn} is no role`, 'write it as arn:aws:iam::123456789012:role/NAME');
  }
  if (roleArn === undefined && externalId !== undefined) {
    throw new Ec2OptionError('external_id', 'means nothing without role_arn', 'set role_arn, or remove it');
  }
  return { ...(roleArn === undefined ? {} : { roleArn }), ...(externalId === undefined ? {} : { externalId }) };
}
