import { inspect } from 'node:util';
import type { ProviderError } from '@burstcell/provider';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createEc2Provider, makeSdkApi, parseEc2Options } from '../src/index.js';
import { anStsEndpoint, type StsAnswers, type StsEndpoint } from './sts-endpoint.js';

const ROLE = 'arn:aws:iam::210987654321:role/burstcell';
const SECRETS = ['AKIASOURCE', 'source-secret', 'source-token', 'an-external-id'] as const;

const opened: StsEndpoint[] = [];
afterEach(() => {
  for (const endpoint of opened.splice(0)) endpoint.close();
});

async function aRole(answers: StsAnswers = {}) {
  const endpoint = await anStsEndpoint(answers);
  opened.push(endpoint);
  const [access_key_id, secret_access_key, session_token, external_id] = SECRETS;
  const keys = { access_key_id, secret_access_key, session_token, external_id, role_arn: ROLE };
  const urls = { endpoint_url: endpoint.url, sts_endpoint_url: endpoint.url };
  return { endpoint, config: { ...parseEc2Options({ region: 'us-east-1', ...keys, ...urls }), cellName: 'ec2 west' } };
}

describe('an assumed role', () => {
  it('is asked for once, under the name of the cell and with its external id', async () => {
    const { endpoint, config } = await aRole();
    const api = makeSdkApi(config);

    await api.describeAvailabilityZones();
    await api.describeAvailabilityZones();
    api.close();

    expect(endpoint.signedBy).toEqual(['ASIAROLE1', 'ASIAROLE1']);
    expect(endpoint.assumed.map((form) => Object.fromEntries(form))).toMatchObject([
      { RoleArn: ROLE, RoleSessionName: 'burstcell-ec2-west', ExternalId: 'an-external-id' },
    ]);
  });

  it('is asked for again before its credentials expire', async () => {
    const { endpoint, config } = await aRole({ expireMs: 4 * 60_000 });
    const api = makeSdkApi(config);

    await api.describeAvailabilityZones();
    await api.describeAvailabilityZones();
    api.close();

    expect(new Set(endpoint.signedBy).size).toBe(2);
  });

  it('that is refused is unauthorized, in a sentence, without a secret in the error or the log', async () => {
    const message = `Value '${SECRETS[3]}' at 'externalId' was refused to ${SECRETS[0]}`;
    const { config } = await aRole({ refusal: { status: 403, code: 'AccessDenied', message } });
    const logged: unknown[] = [];
    const log = { info: (...line: unknown[]) => void logged.push(line), warn: (...line: unknown[]) => void logged.push(line) };
    const provider = createEc2Provider({ ...config, incarnation: 'first', log });

    const error = await provider.list().catch((thrown: unknown) => thrown);
    await provider.shape().catch((thrown: unknown) => log.warn('shape', { error: thrown }));
    await provider.close();

    expect(error).toMatchObject({ kind: 'unauthorized', code: 'AssumeRoleRefused', faultCode: 503 });
    expect((error as ProviderError).message).toContain('AccessDenied');
    expect((error as ProviderError).userMessage).toMatch(/^The cloud does not let this cell act for your project/);
    const all = inspect([error, logged], { depth: 20, showHidden: true });
    for (const secret of SECRETS) expect(all).not.toContain(secret);
  });

  it.each([
    [400, 'Throttling', 'throttled'],
    [503, 'ServiceUnavailable', 'unavailable'],
  ])('whose STS answers %s %s is asked for again later', async (status, code, kind) => {
    const { config } = await aRole({ refusal: { status, code, message: 'not now' } });
    const provider = createEc2Provider({ ...config, incarnation: 'first' });

    // A verb, since reads are repeated.
    await expect(provider.reboot('i-0123456789abcdef0')).rejects.toMatchObject({ kind });
    await provider.close();
  });
});
