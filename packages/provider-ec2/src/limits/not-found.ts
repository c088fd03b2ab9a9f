import { ProviderError } from '@burstcell/provider';
import type { YoungInstances } from '../launching/young-instances.js';
import { UNAVAILABLE_RETRY_AFTER_MS } from '../timings.js';

export function notFound(id: string): ProviderError {
  return new ProviderError('not-found', `${id} is no instance of this account`, {
    subject: 'instance',
    userMessage: 'The server does not exist in the cloud any more.',
  });
}

/** "Not found" of a machine launched a moment ago means: ask again. */
export function youngerThanNotFound(young: YoungInstances, id: string, error: ProviderError): ProviderError {
  if (error.kind !== 'not-found' || !young.has(id)) return error;
  return new ProviderError('unavailable', `${id} is too young to be believed missing`, {
    cause: error,
    userMessage: 'The server is still being made known in the cloud; try again in a moment.',
    retryAfterMs: UNAVAILABLE_RETRY_AFTER_MS,
  });
}
