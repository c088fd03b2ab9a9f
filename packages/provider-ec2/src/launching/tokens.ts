import { createHash } from 'node:crypto';

export interface LaunchIdentity {
  readonly cellName: string;
  readonly incarnation: string;
  /** Instance uuids by launch index. */
  readonly members: readonly string[];
  /** Rises with each new try: a token must never be used with other parameters. */
  readonly attempt: number;
  readonly offeringKey: string;
}

const PREFIX = 'burst-';

/**
 * Client token of a launch: the same for the same identity in every process and after
 * every restart. 49 ASCII characters; AWS allows 64, case-sensitive ("Ensuring
 * idempotency in Amazon EC2 API requests").
 */
export function launchToken(identity: LaunchIdentity): string {
  const { cellName, incarnation, members, attempt, offeringKey } = identity;
  return digest([cellName, incarnation, attempt, offeringKey, ...members]);
}

/** Names one step of one verb on one machine, in client tokens and tags: the same in every process. */
export function stepToken(step: string, providerId: string, token: string): string {
  return digest([step, providerId, token]);
}

function digest(words: readonly (string | number)[]): string {
  return PREFIX + createHash('sha256').update(JSON.stringify(words)).digest('base64url');
}
