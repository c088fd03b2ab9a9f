import type { ProviderError } from '@burstcell/provider';
import { describe, expect, it } from '@jest/globals';
import type { ScreenApi } from '../src/ports/ec2-screen-api.js';
import { aBench, abilitiesOf, aReplica, launchOne, runningOne } from './builders.js';
import { served } from './fake/http-builders.js';

const JPEG_BEGINS = [0xff, 0xd8, 0xff];

async function refusal(call: Promise<unknown>): Promise<ProviderError> {
  return call.then(
    () => Promise.reject(new Error('a refusal was expected')),
    (error: ProviderError) => error,
  );
}

/** The provider on a fake that tells what it was asked, and answers that where told to. */
async function watched(image?: Uint8Array) {
  const bench = aBench();
  const inputs: object[] = [];
  const { fake } = bench;
  const real = fake.getConsoleScreenshot.bind(fake);
  fake.getConsoleScreenshot = (async (input, options) => {
    inputs.push(input);
    return image ?? (await real(input, options));
  }) as ScreenApi['getConsoleScreenshot'];
  return { bench, inputs, id: await runningOne(bench) };
}

describe('the screenshot', () => {
  it('is EC2’s JPEG, taken now, by one call that wakes nobody unless it is asked to', async () => {
    const { bench, inputs, id } = await watched();
    const can = abilitiesOf(bench);

    const { contentType, image, takenAt } = await can.screenshot(id);
    await can.screenshot(id, { wake: true });

    expect([contentType, ...image.subarray(0, 3)]).toEqual(['image/jpeg', ...JPEG_BEGINS]);
    expect(takenAt).toBe(new Date(bench.clock.now()).toISOString());
    expect(inputs).toEqual([{ instanceId: id }, { instanceId: id, wakeUp: true }]);
  });

  it('is asked for once: whoever watches asks again', async () => {
    const bench = aBench();
    const id = await runningOne(bench);
    bench.fake.inject({ action: 'GetConsoleScreenshot', code: 'InternalError', when: 'before', times: 1 });

    const error = await refusal(abilitiesOf(bench).screenshot(id));

    expect([error.kind, error.userMessage]).toEqual(['unavailable', expect.stringContaining('try again')]);
    expect(bench.fake.counts().byAction.GetConsoleScreenshot).toBe(1);
  });

  it.each([
    ['UnsupportedOperation', 'unsupported', 'no screen in this cloud'],
    ['Unsupported', 'unsupported', 'no screen in this cloud'],
    ['IncorrectInstanceState', 'conflict', 'while it does not run'],
    ['NotImplementedByEndpoint', 'unsupported', 'endpoint of this cell'],
    ['RequestLimitExceeded', 'throttled', 'try again'],
    ['UnauthorizedOperation', 'unauthorized', 'ask your cloud operator'],
  ])('tells %s as %s, in a sentence about screens', async (code, kind, words) => {
    const bench = aBench();
    const id = await runningOne(bench);
    bench.fake.inject({ action: 'GetConsoleScreenshot', code, when: 'before', times: 1 });

    const error = await refusal(abilitiesOf(bench).screenshot(id));

    expect([error.kind, error.code, error.userMessage]).toEqual([kind, code, expect.stringContaining(words)]);
  });

  it('is none while the machine does not run, and a young machine is not believed missing', async () => {
    const bench = aBench();
    const id = await launchOne(bench);

    expect((await refusal(abilitiesOf(bench).screenshot(id))).kind).toBe('conflict');
    bench.fake.inject({ action: 'GetConsoleScreenshot', code: 'InvalidInstanceID.NotFound', when: 'before', times: 2 });
    expect((await refusal(abilitiesOf(bench).screenshot(id))).kind).toBe('unavailable');
    expect((await refusal(aReplica(bench).screenshot(id))).kind).toBe('not-found');
  });

  it('is no empty picture', async () => {
    const { bench, id } = await watched(new Uint8Array());

    expect((await refusal(abilitiesOf(bench).screenshot(id))).userMessage).toContain('no picture of this screen');
  });

  it('comes over HTTP as it is', async () => {
    const server = await served();
    const [machine] = await server.fake.runInstances({
      ...{ clientToken: 't', imageId: 'ami-0a1b2c3d4e5f60001', instanceType: 't3.small', market: 'on-demand' as const },
      ...{ minCount: 1, maxCount: 1, tags: {} },
    });
    const input = { instanceId: machine?.instanceId ?? '', wakeUp: true };

    expect([...(await server.port.getConsoleScreenshot(input))]).toEqual([...(await server.fake.getConsoleScreenshot(input))]);
    await server.close();
  });
});
