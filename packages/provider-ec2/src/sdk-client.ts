import { EC2Client, type EC2ClientConfig } from '@aws-sdk/client-ec2';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Ec2Settings } from './config.js';
import { MAX_SOCKETS } from './timings.js';

export type SdkSettings = Pick<
  Ec2Settings,
  | 'region'
  | 'endpointUrl'
  | 'profile'
  | 'accessKeyId'
  | 'secretAccessKey'
  | 'sessionToken'
  | 'connectTimeoutMs'
  | 'requestTimeoutMs'
>;

/**
 * The SDK's client, without retries of its own: its standard mode takes
 * InsufficientInstanceCapacity (HTTP 500) for a server failure and repeats it, and only the
 * callers of this package know what may be repeated.
 */
export function makeSdkClient(settings: SdkSettings): EC2Client {
  const { endpointUrl } = settings;
  return new EC2Client({ ...commonConfig(settings), ...(endpointUrl === undefined ? {} : { endpoint: endpointUrl }) });
}

/** What the clients of all services are made with. */
export function commonConfig(settings: SdkSettings) {
  return {
    region: settings.region,
    maxAttempts: 1,
    requestHandler: makeHandler(settings),
    ...(settings.profile === undefined ? {} : { profile: settings.profile }),
    ...explicitKeys(settings),
  } satisfies EC2ClientConfig;
}

function makeHandler({ connectTimeoutMs, requestTimeoutMs }: SdkSettings): NodeHttpHandler {
  const agent = { keepAlive: true, maxSockets: MAX_SOCKETS };
  return new NodeHttpHandler({
    connectionTimeout: connectTimeoutMs,
    requestTimeout: requestTimeoutMs,
    throwOnRequestTimeout: true,
    httpAgent: agent,
    httpsAgent: agent,
  });
}

function explicitKeys({ accessKeyId, secretAccessKey, sessionToken }: SdkSettings): Pick<EC2ClientConfig, 'credentials'> {
  if (accessKeyId === undefined || secretAccessKey === undefined) return {};
  return { credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) } };
}
