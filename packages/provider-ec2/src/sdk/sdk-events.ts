import type { SQSClient } from '@aws-sdk/client-sqs';
import { type EventsApi, RECEIVE_MAX } from '../ports/events-api.js';
import { type SdkSettings, sdkClientConfig } from './sdk-client.js';
import { send } from './sdk-send.js';

/** What a wait may take of the time in which a request must be answered. */
const WAIT_SHARE = 2 / 3;

type Sdk = typeof import('@aws-sdk/client-sqs');

interface Loaded {
  readonly sdk: Sdk;
  readonly client: SQSClient;
}

/**
 * {@link EventsApi} on the AWS SDK, which is loaded with the first call: only cells with a queue need it. The queue's URL is
 * the endpoint too.
 */
export function makeSdkEvents(settings: SdkSettings, queueUrl: string): EventsApi {
  let loaded: Promise<Loaded> | undefined;
  const load = () => {
    const config = { ...sdkClientConfig(settings), endpoint: new URL(queueUrl).origin };
    loaded ??= import('@aws-sdk/client-sqs').then((sdk) => ({ sdk, client: new sdk.SQSClient(config) }));
    return loaded;
  };
  return {
    async receive(waitMs, options) {
      const { sdk, client } = await load();
      const command = new sdk.ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: RECEIVE_MAX,
        ...(options?.hideMs === undefined ? {} : { VisibilityTimeout: Math.ceil(options.hideMs / 1000) }),
        WaitTimeSeconds: Math.floor(Math.min(waitMs, settings.requestTimeoutMs * WAIT_SHARE) / 1000),
      });
      const { Messages } = await send(options, (http) => client.send(command, http));
      return (Messages ?? []).map(({ Body, ReceiptHandle }) => ({ body: Body ?? '', handle: ReceiptHandle ?? '' }));
    },
    async delete(handles, options) {
      const { sdk, client } = await load();
      const entries = handles.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle }));
      const command = new sdk.DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries });
      await send(options, (http) => client.send(command, http));
    },
    close() {
      void loaded?.then(({ client }) => client.destroy()).catch(() => {});
    },
  };
}
