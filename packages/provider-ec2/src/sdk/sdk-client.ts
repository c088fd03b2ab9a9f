import { EC2Client, type EC2ClientConfig } from '@aws-sdk/client-ec2';
import type { Ec2Settings } from '../settings/config.js';
import { makeHandler } from './sdk-handler.js';
import { type RoleSettings, roleCredentials } from './sdk-role-credentials.js';

export type SdkSettings = RoleSettings & Pick<Ec2Settings, 'endpointUrl'>;

/**
 * The SDK's client, without retries of its own: its standard mode takes
 * InsufficientInstanceCapacity (HTTP 500) for a server failure and repeats it, and only the
 * callers of this package know what may be repeated.
 */
export function makeSdkClient(settings: SdkSettings): EC2Client {
  const config: EC2ClientConfig = {
    ...sdkClientConfig(settings),
    ...(settings.endpointUrl === undefined ? {} : { endpoint: settings.endpointUrl }),
  };
  return new EC2Client(config);
}

/** What clients of all services have in common: all but the endpoint, which is EC2's alone. */
export function sdkClientConfig(settings: SdkSettings) {
  return {
    region: settings.region,
    maxAttempts: 1,
    requestHandler: makeHandler(settings),
    ...(settings.profile === undefined ? {} : { profile: settings.profile }),
    ...sdkCredentials(settings),
  };
}

/** Those of a role, explicit ones, or none: then the SDK looks along its default chain. */
export function sdkCredentials(settings: SdkSettings): Pick<EC2ClientConfig, 'credentials'> {
  const { roleArn, accessKeyId, secretAccessKey, sessionToken } = settings;
  if (roleArn !== undefined) return { credentials: roleCredentials(settings, roleArn) };
  if (accessKeyId === undefined || secretAccessKey === undefined) return {};
  return { credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) } };
}
