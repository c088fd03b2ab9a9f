import type { Ec2Tags } from '../ports/ec2-api.js';
import { ec2Failure } from './failures.js';

/** AWS: Tag restrictions. */
const MAX_TAGS = 50;
const MAX_TAG_KEY_CHARS = 128;
const MAX_TAG_VALUE_CHARS = 256;

/** AWS's rules for tags given at the birth of a resource; throws for the first that is broken. */
export function checkTags(tags: Ec2Tags): void {
  const entries = Object.entries(tags);
  if (entries.length > MAX_TAGS)
    throw ec2Failure('TagLimitExceeded', 'The maximum number of Tags for a resource has been reached.');
  for (const [key, value] of entries) {
    if (/^aws:/i.test(key)) throw invalidTag("Tag keys starting with 'aws:' are reserved for internal use");
    if (key === '' || key.length > MAX_TAG_KEY_CHARS)
      throw invalidTag(`Tag key exceeds the maximum length of ${MAX_TAG_KEY_CHARS} characters`);
    if (value.length > MAX_TAG_VALUE_CHARS)
      throw invalidTag(`Tag value exceeds the maximum length of ${MAX_TAG_VALUE_CHARS} characters`);
  }
}

const invalidTag = (message: string) => ec2Failure('InvalidParameterValue', message);
