import type { JsonObject } from '@burstcell/wire';
import { describe, expect, it } from '@jest/globals';
import { runComputeApiMethod } from '../../src/fronts/cells-v1/handlers/compute-api.js';
import type { Handler, Outcome } from '../../src/fronts/cells-v1/handlers/handler.js';
import { instanceVerbs } from '../../src/fronts/cells-v1/handlers/instance-verbs.js';
import { Secrets } from '../../src/secrets.js';
import { aMessage, someTools } from './tools.js';

const UUID = '11111111-1111-4111-8111-111111111111';
const secrets = new Secrets('test');

async function parametersOf(handler: Handler | undefined, args: JsonObject, ctxt: JsonObject) {
  const message = aMessage({ ctxt, methodKwargs: args });
  const origin = { requestId: 'req-1', userId: 'u', projectId: 'p' };
  const tools = { ...someTools('rocky'), secrets };
  const outcome: Outcome | undefined = await handler?.handle({ message, args, origin }, tools);
  if (typeof outcome !== 'object' || !('submit' in outcome)) throw new Error('nothing was submitted');
  return outcome.submit.intents[0]?.parameters ?? {};
}

describe.each(['snapshot', 'backup'])('the user’s token that comes with a %s', (verb) => {
  const named = instanceVerbs.find(({ method }) => method === `${verb}_instance`);
  const early = { method_info: { method: verb, method_args: [UUID], method_kwargs: { image_id: 'i' } } };

  it.each<[string, Handler | undefined, JsonObject]>([
    ['as a method of its own', named, { instance: { uuid: UUID }, image_id: 'i' }],
    ['by the compute API', runComputeApiMethod, early],
  ])('is kept with the operation, sealed (%s)', async (_form, handler, args) => {
    const parameters = await parametersOf(handler, args, { auth_token: 'tok-1' });

    expect(parameters).toMatchObject({ image_id: 'i' });
    expect(secrets.open(parameters.auth_token)).toBe('tok-1');
    expect(JSON.stringify(parameters)).not.toContain('tok-1');
  });

  it('is not made up where none came', async () => {
    expect(await parametersOf(named, { instance: { uuid: UUID }, image_id: 'i' }, { auth_token: null })).toEqual({
      image_id: 'i',
    });
  });
});

describe('the user’s token that comes with an image to be looked at', () => {
  const rebuild = instanceVerbs.find(({ method }) => method === 'rebuild_instance');
  const early = (method: string, rest: JsonObject) => ({ method_info: { method, method_args: [UUID, 'i'], ...rest } });

  it.each<[string, Handler | undefined, JsonObject]>([
    ['rebuild_instance', rebuild, { instance: { uuid: UUID }, image_href: 'i' }],
    ['rebuild', runComputeApiMethod, early('rebuild', {})],
    ['rescue', runComputeApiMethod, early('rescue', { method_kwargs: { rescue_image_ref: 'i' } })],
  ])('is kept with the operation, sealed (%s)', async (_form, handler, args) => {
    const parameters = await parametersOf(handler, args, { auth_token: 'tok-1' });

    expect(secrets.open(parameters.auth_token)).toBe('tok-1');
    expect(JSON.stringify(parameters)).not.toContain('tok-1');
  });
});
