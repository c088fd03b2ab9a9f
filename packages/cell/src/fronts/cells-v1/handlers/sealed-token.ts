import type { JsonObject } from '@burstcell/store';
import type { Secrets } from '../../../secrets.js';
import type { Incoming } from './handler.js';

/** The user's own token out of the request's context, for verbs that ask other services in the user's name. */
export function sealedToken(ctxt: Incoming['message']['ctxt'], secrets: Secrets): JsonObject {
  const { auth_token: token } = ctxt;
  return typeof token === 'string' && token !== '' ? { auth_token: secrets.seal(token) } : {};
}
