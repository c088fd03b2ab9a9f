import type { LaunchRequest } from '@burstcell/provider';
import { describe, expect, it } from '@jest/globals';
import { defaultRegion } from '../src/fake/index.js';
import { HIBERNATION_SPEC } from '../src/planning/hibernation-spec.js';
import type { Ec2ProviderConfig } from '../src/settings/config.js';
import { aBench, abilitiesOf, aFlavor, aRequest, type Bench, launchOne, runningOne } from './builders.js';

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

describe('types for flavors that hibernate', () => {
  const needing = (changes: Partial<LaunchRequest['flavor']>, extraSpecs: Readonly<Record<string, string>> = {}) =>
    aRequest({ flavor: aFlavor({ ...changes, extraSpecs: { [HIBERNATION_SPEC]: 'true', ...extraSpecs } }) });

  /** The default region, in which these types cannot hibernate. */
  const without = (names: readonly string[], config: Partial<Ec2ProviderConfig> = {}) =>
    aBench(config, {
      region: {
        types: defaultRegion.types.map((type) =>
          names.includes(type.instanceType) ? { ...type, hibernationSupported: false } : type,
        ),
      },
    });

  async function explained({ provider }: Bench, request: LaunchRequest) {
    const explanation = await provider.explain?.(request);
    const passedOver = Object.fromEntries(explanation?.sizesPassedOver.map(({ size, reason }) => [size, reason]) ?? []);
    return { types: [...new Set(explanation?.candidates.map(({ size }) => size))], passedOver, refusal: explanation?.refusal };
  }

  it('are those that can, and the others are passed over for that reason', async () => {
    const { types, passedOver } = await explained(without(['t3.small', 't2.micro']), needing({}));

    expect(types).not.toContain('t3.small');
    expect(types).toContain('t3.medium');
    expect(passedOver['t3.small']).toBe('cannot hibernate');
    expect((await explained(without(['t3.small']), aRequest())).types).toContain('t3.small');
  });

  it('have no more memory than EC2 can hibernate', async () => {
    const huge = { ...defaultRegion.types[0], instanceType: 'r5.huge', vcpus: 48, memoryMb: 150 * 1024 };
    const types = [...defaultRegion.types, huge] as typeof defaultRegion.types;
    const { passedOver, refusal } = await explained(aBench({}, { region: { types } }), needing({ vcpus: 40, memoryMb: 100_000 }));

    expect(passedOver['r5.huge']).toBe('more memory than EC2 can hibernate');
    expect(refusal).toMatchObject({ kind: 'invalid', userMessage: expect.stringContaining('hibernation') });
  });

  it('have less still for Windows', async () => {
    const [image, ...others] = defaultRegion.images;
    const images = [{ ...image, platform: 'windows' }, ...others] as typeof defaultRegion.images;
    const { passedOver } = await explained(aBench({}, { region: { images } }), needing({ memoryMb: 17_000 }));

    expect(passedOver['t3.2xlarge']).toBe('more memory than EC2 can hibernate');
  });

  it('are left out where the flavor or the operator names them', async () => {
    const named = { instanceTypeMap: { 'm1.small': ['m5.metal', 'm5.large', 'nosuch.large'] } };
    const { types, passedOver } = await explained(aBench(named), needing({}));

    expect(types).toEqual(['m5.large', 'nosuch.large']);
    expect(passedOver['m5.metal']).toBe('cannot hibernate');
    await expect(aBench().provider.offerings(needing({}, { 'ec2:instance_type': 'm5.metal' }))).rejects.toMatchObject({
      kind: 'invalid',
      userMessage: expect.stringContaining('asks for hibernation'),
    });
  });

  it('get a root disk that holds all the memory of the type, which may be more than the flavor has', async () => {
    const bench = aBench();
    const request = needing({ vcpus: 4, memoryMb: 2_048, rootGb: 8 });
    const id = await runningOne(bench, request);
    const [volume] = await bench.fake.describeVolumes({ filters: { 'attachment.instance-id': [id] } });
    const type = defaultRegion.types.find(({ instanceType }) => instanceType === bench.fake.instance(id)?.instanceType);

    expect(type?.memoryMb).toBeGreaterThan(2_048);
    expect(volume?.sizeGb).toBe(8 + Number(type?.memoryMb) / 1024);
  });

  it('have offerings of their own, so that no launch mixes them with others', async () => {
    const { provider } = aBench();
    const [sleeping] = await provider.offerings(needing({}));
    const [plain] = await provider.offerings(aRequest());

    expect(sleeping?.key).toBe(`${plain?.key}/hibernation`);
  });
});
