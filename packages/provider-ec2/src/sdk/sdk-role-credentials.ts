import { fromNodeProviderChain, fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { isRepeatable } from '@burstcell/provider';
import { toProviderError } from '../limits/errors.js';
import { Ec2Error } from '../ports/ec2-api.js';
import type { Ec2Settings } from '../settings/config.js';
import { toEc2Error } from './sdk-errors.js';
import { makeHandler } from './sdk-handler.js';

export type RoleSettings = Pick<
  Ec2Settings,
  | 'region'
  | 'profile'
  | 'accessKeyId'
  | 'secretAccessKey'
  | 'sessionToken'
  | 'roleArn'
  | 'externalId'
  | 'stsEndpointUrl'
  | 'connectTimeoutMs'
  | 'requestTimeoutMs'
> & {
  /** Names the session in the account's CloudTrail. */
  readonly cellName?: string;
};

type Credentials = ReturnType<typeof fromTemporaryCredentials>;

/**
 * Credentials of a role, asked for by STS's AssumeRole; the SDK's client keeps them and asks again five minutes
 * before they expire. Rejects with an {@link Ec2Error}: `AssumeRoleRefused` when the role is not ours to take.
 * Neither it nor its text holds a key, a token or the external id.
 */
export function roleCredentials(settings: RoleSettings, roleArn: string): Credentials {
  const { region, externalId, stsEndpointUrl, cellName } = settings;
  const assume = fromTemporaryCredentials({
    masterCredentials: ownCredentials(settings),
    params: {
      RoleArn: roleArn,
      RoleSessionName: sessionName(cellName ?? 'cell'),
      ...(externalId === undefined ? {} : { ExternalId: externalId }),
    },
    clientConfig: {
      region,
      requestHandler: makeHandler(settings),
      ...(stsEndpointUrl === undefined ? {} : { endpoint: stsEndpointUrl }),
    },
  });
  return async (properties) => {
    try {
      return await assume(properties);
    } catch (thrown) {
      throw refusal(thrown, settings, roleArn);
    }
  };
}

/** Explicit keys, or the default chain. */
function ownCredentials({ profile, accessKeyId, secretAccessKey, sessionToken }: RoleSettings) {
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    return fromNodeProviderChain(profile === undefined ? {} : { profile });
  }
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}

/** AWS: AssumeRole, RoleSessionName: 2 to 64 of these characters. */
function sessionName(cellName: string): string {
  return `burstcell-${cellName.replaceAll(/[^\w+=,.@-]/g, '-')}`.slice(0, 64);
}

/** Without its cause, which holds the whole answer. */
function refusal(thrown: unknown, settings: RoleSettings, roleArn: string): unknown {
  const error = toEc2Error(thrown);
  if (!(error instanceof Ec2Error)) return error;
  const text = withoutSecrets(error.message, settings);
  if (isRepeatable(toProviderError(error)) || error.code === 'CredentialsUnavailable') {
    return new Ec2Error(error.code, `AssumeRole: ${text}`, error.httpStatus);
  }
  const advice = 'check the trust policy of the role, external_id and the permission sts:AssumeRole';
  return new Ec2Error('AssumeRoleRefused', `${roleArn} (${error.code}): ${text}; ${advice}`, error.httpStatus);
}

/** STS repeats a value that it finds malformed. */
function withoutSecrets(text: string, { accessKeyId, secretAccessKey, sessionToken, externalId }: RoleSettings): string {
  const secrets = [accessKeyId, secretAccessKey, sessionToken, externalId].filter((secret) => secret !== undefined);
  return secrets.reduce((clean, secret) => clean.replaceAll(secret, '***'), text);
}
