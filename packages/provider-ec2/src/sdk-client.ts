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

type CommonConfig = Pick<EC2ClientConfig, 'region' | 'maxAttempts' | 'requestHandler' | 'profile' | 'credentials'>;

/**
 * The SDK's client, without retries of its own: its standard mode takes
 * InsufficientInstanceCapacity (HTTP 500) for a server failure and repeats it, and only the
 * callers of this package know what may be repeated.
 */
export function makeSdkClient(settings: SdkSettings): EC2Client {
  const endpoint = settings.endpointUrl === undefined ? {} : { endpoint: settings.endpointUrl };
  return new EC2Client({ ...sdkClientConfig(settings), ...endpoint });
}

/** What clients of all services share. */
export function sdkClientConfig(settings: SdkSettings): CommonConfig {
  return {
    region: settings.region,
    maxAttempts: 1,
    requestHandler: makeHandler(settings),
    ...(settings.profile === undefined ? {} : { profile: settings.profile }),
    ...explicitKeys(settings),
  };
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
