import { describe, expect, it } from '@jest/globals';
import { HIBERNATION_SPEC } from '../src/hibernation.js';
import { aBench, abilitiesOf, aFlavor, aRequest, launchOne, runningOne } from './builders.js';

const hibernating = aRequest({ flavor: aFlavor({ extraSpecs: { [HIBERNATION_SPEC]: 'true' } }) });

describe('hibernation', () => {
  it('is refused with what to do instead where the launch did not allow it', async () => {
    const bench = aBench();
    const id = await runningOne(bench);

    await expect(abilitiesOf(bench).suspend(id)).rejects.toMatchObject({
      kind: 'unsupported',
      userMessage: 'The server was not booted for hibernation and cannot be suspended in this cloud; stop it instead.',
    });
    expect(bench.fake.instance(id)?.state).toBe('running');
  });

  it('is allowed by the flavor, on an encrypted root disk that holds the memory besides', async () => {
    const bench = aBench({ encrypted: false });
    const id = await runningOne(bench, hibernating);
    const [volume] = await bench.fake.describeVolumes({ filters: { 'attachment.instance-id': [id] } });

    expect(bench.fake.instance(id)?.hibernationConfigured).toBe(true);
    expect(volume?.sizeGb).toBe(hibernating.flavor.rootGb + hibernating.flavor.memoryMb / 1024);
  });

  it('shows as suspended, and as stopped when it is a stop', async () => {
    const bench = aBench();
    const [asleep, off] = [await runningOne(bench, hibernating), await runningOne(bench)];

    await Promise.all([abilitiesOf(bench).suspend(asleep), bench.provider.stop(off)]);
    bench.clock.advance(2_000);

    const seen = await bench.provider.describe([asleep, off]);
    expect([seen.get(asleep)?.state, seen.get(off)?.state]).toEqual(['suspended', 'stopped']);
  });

  it('says conflict while the guest is not ready for it', async () => {
    const bench = aBench();
    const id = await runningOne(bench, hibernating);
    const message = 'The instance is not ready to hibernate yet. Retry in a few minutes.';
    bench.fake.inject({ action: 'StopInstances', code: 'UnsupportedOperation', message });

    await expect(abilitiesOf(bench).suspend(id)).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('keeps launches that ask for it apart from those that do not', async () => {
    const bench = aBench();
    const plain = aRequest();
    const [offering] = await bench.provider.offerings(plain);
    if (!offering) throw new Error('nothing offered');

    const launches = bench.provider.freeze([plain, hibernating, aRequest()], offering, 1);

    expect(launches.map(({ members }) => members.length).sort()).toEqual([1, 2]);
    expect(await launchOne(bench, hibernating)).toMatch(/^i-/);
  });
});
