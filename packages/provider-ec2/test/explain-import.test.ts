import { type ExplainOptions, type Explanation, type ImageSource, ProviderError } from '@burstcell/provider';
import { describe, expect, it } from '@jest/globals';
import type { Ec2ProviderConfig } from '../src/settings/config.js';
import { aBench, aRequest, type Bench } from './builders.js';

const IMAGE = { ...aRequest().image, id: 'img-1', name: 'debian', properties: {}, providerImageId: null };
const SOURCE: ImageSource = {
  ...{ checksum: 'c1', format: 'raw', sizeBytes: 4 },
  read: () => Promise.reject(new Error('explaining reads nothing')),
};
const store = { holds: async () => true, put: async () => {} };

function importing(): Bench {
  const settings = { defaultAmi: undefined, imageStore: store, importBucket: 'images' };
  return aBench(settings as unknown as Partial<Ec2ProviderConfig>);
}

async function explained(
  { provider }: Bench,
  source: NonNullable<ExplainOptions['source']> = async () => SOURCE,
  properties: Readonly<Record<string, string>> = {},
): Promise<Explanation> {
  const explanation = await provider.explain?.(aRequest({ image: { ...IMAGE, properties } }), { source });
  if (explanation === undefined) throw new Error('it cannot explain');
  return explanation;
}

describe('explain, for an image without an AMI', () => {
  it('says that it would be imported, and plans on with that', async () => {
    const bench = importing();

    const { image, imageImport, refusal, candidates } = await explained(bench);

    expect(imageImport).toEqual({
      ...{ state: 'needed', progress: null, by: 'images', format: 'raw', sizeBytes: 4 },
      ...{ architecture: 'x86_64', isAssumed: true },
    });
    expect([image, refusal]).toEqual([null, null]);
    expect(candidates.some(({ standing }) => standing === 'chosen')).toBe(true);
    expect(await bench.fake.describeImportSnapshotTasks()).toEqual([]);
  });

  it('plans for the architecture that the image says', async () => {
    const { imageImport, candidates } = await explained(importing(), undefined, { hw_architecture: 'aarch64' });

    expect(imageImport).toMatchObject({ architecture: 'arm64', isAssumed: false });
    expect(candidates.find(({ standing }) => standing === 'chosen')?.size).toMatch(/^(t4g|m6g|c6g|r6g)\./);
  });

  it('says how far an import is, and then what came of it', async () => {
    const bench = importing();
    const look = () => bench.provider.importImage?.(IMAGE, async () => SOURCE);
    await look();

    expect((await explained(bench)).imageImport).toMatchObject({ state: 'under-way', progress: 55 });

    for (let looks = 0; looks < 10; looks += 1) {
      bench.clock.advance(5_000);
      await look();
    }
    const { image, imageImport } = await explained(bench);
    expect(imageImport?.state).toBe('done');
    expect(image?.id).toMatch(/^ami-/);
  });

  it('says what it does not know', async () => {
    const away = await explained(importing(), () => Promise.reject(new ProviderError('unavailable', 'away')));
    const unknown = await explained(importing(), async () => null);

    for (const { imageImport } of [away, unknown]) expect(imageImport).toMatchObject({ state: 'needed', format: null });
    expect(away.notes).toEqual([expect.stringContaining('does not answer')]);
    expect(unknown.notes).toEqual([expect.stringContaining('Nothing is known')]);
  });

  it('refuses what a boot would be refused with', async () => {
    const iso = await explained(importing(), async () => ({ ...SOURCE, format: 'iso' }));
    const nowhere = await importing().provider.explain?.(aRequest({ image: IMAGE }));

    expect(iso.refusal).toMatchObject({ kind: 'unsupported', userMessage: expect.stringContaining('iso') as unknown });
    expect(nowhere?.refusal).toMatchObject({ kind: 'invalid', message: 'image img-1 is mapped to no AMI' });
  });
});
