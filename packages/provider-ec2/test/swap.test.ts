import { randomBytes } from 'node:crypto';
import type { LaunchRequest } from '@burstcell/provider';
import { describe, expect, it } from '@jest/globals';
import type { RunInstancesInput } from '../src/ports/ec2-api.js';
import type { Ec2ProviderConfig } from '../src/settings/config.js';
import { aBench, aFlavor, aRequest } from './builders.js';

const SWAP = aFlavor({ rootGb: 20, swapMb: 1536 });

async function launches(requests: readonly LaunchRequest[], config: Partial<Ec2ProviderConfig> = {}) {
  const { provider } = aBench(config);
  const [offering] = await provider.offerings(requests[0] ?? aRequest());
  if (!offering) throw new Error('nothing offered');
  return provider.freeze(requests, offering, 1).map(({ parameters }) => parameters.run as unknown as RunInstancesInput);
}

async function launched(changes: Partial<LaunchRequest> = {}, config: Partial<Ec2ProviderConfig> = {}) {
  const [run] = await launches([aRequest({ flavor: SWAP, ...changes })], config);
  const text = Buffer.from(run?.userData ?? '', 'base64').toString('utf8');
  return { text, rootGb: run?.rootDevice?.sizeGb };
}

describe('a flavor with swap', () => {
  it('has a file on a root disk that is as much larger, in whole GiB', async () => {
    const { text, rootGb } = await launched();

    expect(text).toContain('#cloud-config\nswap:\n  filename: /swap.img\n  size: 1610612736\n');
    expect(rootGb).toBe(22);
  });

  it('has it besides what the user wants, which comes first', async () => {
    const { text } = await launched({ userData: Buffer.from('#!/bin/sh\necho hi\n').toString('base64') });

    expect(text.indexOf('echo hi')).toBeGreaterThan(0);
    expect(text.indexOf('swap:')).toBeGreaterThan(text.indexOf('echo hi'));
  });

  it('has as much of it as the user asked for', async () => {
    const { text, rootGb } = await launched({ swapMb: 512 });

    expect(text).toContain('size: 536870912\n');
    expect(rootGb).toBe(21);
  });

  it('does not keep servers of equal shape from sharing a launch', async () => {
    const three = ['a', 'b', 'c'].map((uuid) => aRequest({ uuid, flavor: SWAP }));

    expect(await launches(three)).toMatchObject([{ maxCount: 3, rootDevice: { sizeGb: 22 } }]);
  });

  it('does not make the disk of an image larger that has room for it, as a snapshot of such a server has', async () => {
    expect((await launched({ flavor: { ...SWAP, rootGb: 5 } })).rootGb).toBe(8);
  });

  it('is added to the disk of the image where the flavor promises none', async () => {
    expect((await launched({ flavor: { ...SWAP, rootGb: 0 } })).rootGb).toBe(10);
  });

  it.each<[string, Partial<LaunchRequest>, Partial<Ec2ProviderConfig>]>([
    ['an option switches it off', {}, { swap: 'none' }],
    ['the image is Windows', { image: { ...aRequest().image, properties: { os_type: 'windows' } } }, {}],
    ['the user data is not for cloud-init', { userData: 'AAAA' }, {}],
    ['the user data leaves no room', { userData: full().toString('base64') }, {}],
  ])('has none where %s, and the user data goes as it is', async (_, changes, config) => {
    const { text, rootGb } = await launched(changes, config);

    expect(text).toBe(Buffer.from(changes.userData ?? '', 'base64').toString('utf8'));
    expect(rootGb).toBe(20);
  });

  it('gives way to files that would not fit beside it', async () => {
    const bytes = randomBytes(16_384);
    for (let size = bytes.length; size > 0; size -= 8) {
      const injectedFiles = [['/f', bytes.subarray(0, size).toString('base64')]] as const;
      const alone = await launched({ injectedFiles }, { swap: 'none' }).catch(() => null);
      if (alone === null) continue;

      expect(await launched({ injectedFiles })).toEqual({ ...alone, rootGb: 20 });
      return;
    }
    throw new Error('no file fits');
  });
});

/** User data that is as long as it may be, and does not get shorter when it is packed. */
function full(): Buffer {
  return Buffer.concat([Buffer.from('#!/bin/sh\n'), randomBytes(16_374)]);
}
