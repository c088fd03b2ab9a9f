import { createHash, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { QueuedEvent } from '../ports/events-api.js';
import type { FakeEventQueue } from './event-queue.js';
import { readText, send } from './http-kit.js';

const CONTENT_TYPE = 'application/x-amz-json-1.0';

/** What SQS is asked for, of all that a client may say. */
interface SqsRequest {
  readonly WaitTimeSeconds?: number;
  readonly VisibilityTimeout?: number;
  readonly Entries?: readonly { readonly Id: string; readonly ReceiptHandle: string }[];
}

/** Whether a request is SQS's: EC2's protocol has no such header. */
export function isSqs({ headers }: IncomingMessage): boolean {
  return String(headers['x-amz-target']).startsWith('AmazonSQS.');
}

/** The queue in SQS's JSON protocol, whatever URL it is asked by: ReceiveMessage and DeleteMessageBatch. */
export async function serveSqs(queue: FakeEventQueue, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const asked = JSON.parse(await readText(request)) as SqsRequest;
  const action = String(request.headers['x-amz-target']).split('.')[1];
  if (action === 'ReceiveMessage') return answer(response, await received(queue, asked, response));
  if (action !== 'DeleteMessageBatch') return refuse(response, `${action} is not imitated`);
  const { Entries = [] } = asked;
  await queue.delete(Entries.map(({ ReceiptHandle }) => ReceiptHandle));
  answer(response, { Successful: Entries.map(({ Id }) => ({ Id })), Failed: [] });
}

async function received(
  queue: FakeEventQueue,
  { WaitTimeSeconds = 0, VisibilityTimeout: seconds }: SqsRequest,
  response: ServerResponse,
): Promise<object> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const messages = await queue.receive(WaitTimeSeconds * 1000, {
    signal: gone.signal,
    ...(seconds === undefined ? {} : { hideMs: seconds * 1000 }),
  });
  return messages.length === 0 ? {} : { Messages: messages.map(toMessage) };
}

function toMessage({ body, handle }: QueuedEvent): object {
  const digest = createHash('md5').update(body).digest('hex');
  return { MessageId: randomUUID(), ReceiptHandle: handle, MD5OfBody: digest, Body: body };
}

function answer(response: ServerResponse, body: object): void {
  send(response, 200, CONTENT_TYPE, JSON.stringify(body));
}

function refuse(response: ServerResponse, message: string): void {
  send(response, 400, CONTENT_TYPE, JSON.stringify({ __type: 'com.amazonaws.sqs#UnsupportedOperation', message }));
}
