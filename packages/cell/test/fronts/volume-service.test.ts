import type { JsonObject } from '@burstcell/wire';
import { describe, expect, it } from '@jest/globals';
import { runComputeApiMethod } from '../../src/fronts/cells-v1/handlers/compute-api.js';
import { Secrets } from '../../src/secrets.js';
import { anIncoming, someTools } from './tools.js';

const UUID = '11111111-1111-4111-8111-111111111111';
const URLS = { publicURL: 'http://cinder/v3/p', internalURL: 'http://inner/v3/p' };
const CATALOGUE = [
  { type: 'image', name: 'glance', endpoints: [{ region: 'RegionOne', publicURL: 'http://glance' }] },
  { type: 'volumev3', name: 'cinderv3', endpoints: [{ region: 'RegionOne', ...URLS }] },
];

async function parametersOf(method: string, ctxt: JsonObject) {
  const incoming = anIncoming('run_compute_api_method', { method_info: { method, method_args: [UUID, 'v'], method_kwargs: {} } });
  const message = { ...incoming.message, ctxt: { ...incoming.message.ctxt, ...ctxt } };
  const outcome = await runComputeApiMethod.handle(
    { ...incoming, message },
    { ...someTools('rocky'), secrets: new Secrets('test') },
  );
  if (outcome === 'nothing' || !('submit' in outcome)) throw new Error(`no submission: ${JSON.stringify(outcome)}`);
  return outcome.submit.intents[0]?.parameters ?? {};
}

describe('what the volume service is asked with', () => {
  it.each(['attach_volume', 'detach_volume', 'delete', 'soft_delete'])(
    'comes with %s: the token sealed, and where it is',
    async (method) => {
      const {
        auth_token: token,
        volumeEndpoints,
        ...others
      } = await parametersOf(method, {
        auth_token: 'secret',
        service_catalog: CATALOGUE,
      });

      expect(new Secrets('test').open(token)).toBe('secret');
      expect(JSON.stringify({ token, others })).not.toContain('secret');
      expect(volumeEndpoints).toEqual([{ type: 'volumev3', name: 'cinderv3', region: 'RegionOne', urls: URLS }]);
    },
  );

  it('is nothing where the request has neither', async () => {
    expect(await parametersOf('attach_volume', { auth_token: null, service_catalog: [] })).toEqual({ args: ['v'] });
  });
});
