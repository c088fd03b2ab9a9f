import { Ec2Error } from '../ports/ec2-api.js';
import type { EventsApi } from '../ports/events-api.js';
import { makeSdkEvents } from '../sdk/sdk-events.js';
import type { Ec2Settings } from '../settings/config.js';

/** Why the events queue cannot be read, and what to do. */
export class EventsQueueError extends Error {
  override readonly name = 'EventsQueueError';
  constructor(
    message: string,
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What SQS calls a queue that is not there, in its JSON protocol and in the one before (AWS: "ReceiveMessage", errors). */
const ABSENT = /QueueDoesNotExist|NonExistentQueue/;
const FORBIDDEN = /AccessDenied|SignatureDoesNotMatch|InvalidClientTokenId|UnrecognizedClient|ExpiredToken|InvalidSecurity/;
const GRANT =
  'Give the credentials of [ec2] the rights of deploy/iam/burstcell-ec2-events.json, on a queue that is named burstcell-….';

/**
 * Looks whether the queue of `[ec2] events_queue_url` is there and may be read: messages that it has stay visible to the
 * cells. Answers whether one is configured. Rejects with an {@link EventsQueueError}.
 */
export async function probeEventsQueue(settings: Ec2Settings, queue?: EventsApi): Promise<boolean> {
  const { eventsQueueUrl } = settings;
  if (eventsQueueUrl === undefined) return false;
  const asked = queue ?? makeSdkEvents(settings, eventsQueueUrl);
  try {
    await asked.receive(0, { hideMs: 0, signal: AbortSignal.timeout(settings.requestTimeoutMs) });
    return true;
  } catch (thrown) {
    throw toQueueError(thrown, eventsQueueUrl);
  } finally {
    if (queue === undefined) asked.close?.();
  }
}

function toQueueError(thrown: unknown, url: string): EventsQueueError {
  const code = thrown instanceof Ec2Error ? thrown.code : String(thrown);
  const options = { cause: thrown };
  if (ABSENT.test(code)) {
    const remedy =
      "Make it by deploy/aws/events.yaml in the cell's region, and set [ec2] events_queue_url to its output, or remove the option.";
    return new EventsQueueError(`there is no queue ${url}`, remedy, options);
  }
  if (FORBIDDEN.test(code)) return new EventsQueueError(`${url} may not be read (${code})`, GRANT, options);
  const remedy = 'Look at the URL, at the region in it, and at the way there; the credentials are those of [ec2].';
  return new EventsQueueError(`${url} did not answer (${code})`, remedy, options);
}
