import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Ec2Settings } from '../settings/config.js';
import { MAX_SOCKETS } from '../timings.js';

/** The SDK's sockets: kept open, and a request that takes too long fails. */
export function makeHandler({
  connectTimeoutMs,
  requestTimeoutMs,
}: Pick<Ec2Settings, 'connectTimeoutMs' | 'requestTimeoutMs'>): NodeHttpHandler {
  const agent = { keepAlive: true, maxSockets: MAX_SOCKETS };
  return new NodeHttpHandler({
    connectionTimeout: connectTimeoutMs,
    requestTimeout: requestTimeoutMs,
    throwOnRequestTimeout: true,
    httpAgent: agent,
    httpsAgent: agent,
  });
}
