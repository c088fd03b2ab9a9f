import type { ImageRequest, ImageSource, ImportImage, ImportState } from '@burstcell/provider';
import { describe, expect, it } from '@jest/globals';
import type { ImageStore } from '../src/ports/image-store.js';
import type { Ec2ProviderConfig } from '../src/settings/config.js';
import { AMI, aBench, aReplica, aRequest, type Bench, launchOne } from './builders.js';

/** A bucket in memory; what is put there arrives when the test says so. */
class MemoryStore implements ImageStore {
  readonly held = new Map<string, number>();
  puts = 0;
  mayRemove = true;
  fail: Error | null = null;
  hold: Promise<void> = Promise.resolve();

  async holds(key: string): Promise<boolean> {
    return this.held.has(key);
  }

  async put(key: string, data: AsyncIterable<Uint8Array>): Promise<void> {
    this.puts += 1;
    let bytes = 0;
    for await (const piece of data) bytes += piece.byteLength;
    await this.hold;
    if (this.fail !== null) throw this.fail;
    this.held.set(key, bytes);
  }

  async remove(key: string): Promise<void> {
    if (this.mayRemove) this.held.delete(key);
    else throw new Error('AccessDenied');
  }
}

const IMAGE: ImageRequest = { ...aRequest().image, id: 'img-1', name: 'debian', properties: {}, providerImageId: null };

function aSource(changes: Partial<ImageSource> = {}): ImageSource {
  const data = async () =>
    (async function* () {
      yield Buffer.from('disk');
    })();
  return { checksum: 'c1', format: 'raw', sizeBytes: 4, read: data, ...changes };
}

interface Import extends Bench {
  readonly store: MemoryStore;
  look(image?: ImageRequest, source?: ImageSource): Promise<ImportState | null>;
}

/** Settings under which nothing but an import gives an image an AMI. */
function settings(store: ImageStore): Partial<Ec2ProviderConfig> {
  return { defaultAmi: undefined, imageStore: store, importBucket: 'images' } as unknown as Partial<Ec2ProviderConfig>;
}

function anImport(): Import {
  const store = new MemoryStore();
  const bench = aBench(settings(store));
  return { ...bench, store, look: (image = IMAGE, source = aSource()) => lookWith(bench.provider.importImage, image, source) };
}

function lookWith(importImage: ImportImage | undefined, image: ImageRequest, source: ImageSource) {
  if (importImage === undefined) throw new Error('nothing can be imported');
  return importImage(image, async () => source);
}

/** Looks until it is done, while time passes. */
async function finished(bench: Pick<Import, 'clock'>, look: () => Promise<ImportState | null>): Promise<string> {
  for (let looks = 0; looks < 20; looks += 1) {
    const state = await look();
    if (state?.state === 'done') return state.providerImageId;
    await new Promise((resolve) => setImmediate(resolve));
    bench.clock.advance(5_000);
  }
  throw new Error('it never was done');
}

describe('an image without an AMI', () => {
  it('is uploaded, made a snapshot and registered, and can then be booted', async () => {
    const bench = anImport();

    const ami = await finished(bench, () => bench.look());

    const [image] = await bench.fake.describeImages({ ids: [ami] });
    expect(image).toMatchObject({ architecture: 'x86_64', state: 'available', rootDeviceName: '/dev/sda1' });
    expect(image?.tags).toMatchObject({ Name: 'debian', 'burstcell:cell': 'ec2' });
    await expect(launchOne(bench, aRequest({ image: { ...IMAGE, providerImageId: ami } }))).resolves.toMatch(/^i-/);
  });

  it('leaves a snapshot that carries the cell’s tag, and nothing in the bucket', async () => {
    const bench = anImport();

    await finished(bench, () => bench.look());

    expect(bench.fake.ebsSnapshots().map(({ tags }) => tags['burstcell:cell'])).toEqual(['ec2']);
    expect(bench.store.puts).toBe(1);
    expect(bench.store.held.size).toBe(0);
  });

  it('is there too where nothing may be taken out of the bucket', async () => {
    const bench = anImport();
    bench.store.mayRemove = false;

    await expect(finished(bench, () => bench.look())).resolves.toMatch(/^ami-/);
    expect(bench.store.held.size).toBe(1);
  });

  it('gets its tag by a later look when the first try fails, and is registered then only', async () => {
    const bench = anImport();
    bench.fake.inject({ action: 'CreateTags', code: 'InternalError', when: 'after' });
    let failures = 0;
    const look = () =>
      bench.look().catch(() => {
        failures += 1;
        expect(bench.fake.counts().byAction).not.toHaveProperty('RegisterImage');
        return null;
      });

    await finished(bench, look);

    expect(failures).toBe(1);
    expect(bench.fake.ebsSnapshots().map(({ tags }) => tags['burstcell:cell'])).toEqual(['ec2']);
  });

  it('is imported once, whoever asks and however many', async () => {
    const bench = anImport();
    const replica = aReplica(bench, settings(bench.store));
    const sameData = { ...IMAGE, id: 'img-2' };

    const looks = [
      () => bench.look(),
      () => bench.look(),
      () => bench.look(sameData),
      () => lookWith(replica.importImage, IMAGE, aSource()),
    ];
    const amis = await Promise.all(looks.map((look) => finished(bench, look)));

    expect(new Set(amis).size).toBe(1);
    expect(await bench.fake.describeImportSnapshotTasks()).toHaveLength(1);
  });

  it('keeps nobody waiting for its upload', async () => {
    const bench = anImport();
    let arrive = () => {};
    bench.store.hold = new Promise((resolve) => {
      arrive = resolve;
    });

    expect(await bench.look()).toEqual({ state: 'under-way', progress: 0 });
    bench.clock.advance(5_000);
    expect(await bench.look()).toMatchObject({ state: 'under-way' });
    expect(bench.store.puts).toBe(1);

    arrive();
    await finished(bench, () => bench.look());
    expect(bench.store.puts).toBe(1);
  });

  it('is uploaded again when an upload came to nothing', async () => {
    const bench = anImport();
    bench.store.fail = new Error('reset');
    await bench.look();
    for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    bench.clock.advance(5_000);

    await expect(bench.look()).rejects.toMatchObject({ kind: 'unavailable' });
    bench.store.fail = null;

    await expect(finished(bench, () => bench.look())).resolves.toMatch(/^ami-/);
  });

  it('is not taken for one when its data ends too soon', async () => {
    const bench = anImport();
    const cutShort = aSource({ sizeBytes: 5 });
    await bench.look(IMAGE, cutShort);
    for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    bench.clock.advance(5_000);

    await expect(bench.look(IMAGE, cutShort)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(bench.store.held.size).toBe(0);
  });

  it('is gone on with by a process that finds it half-way', async () => {
    const bench = anImport();
    await bench.look();
    while (bench.store.held.size === 0) await new Promise((resolve) => setImmediate(resolve));
    bench.clock.advance(5_000);
    await bench.look();
    const replica = aReplica(bench, settings(bench.store));

    await finished(bench, () => lookWith(replica.importImage, IMAGE, aSource()));

    expect(bench.store.puts).toBe(1);
    expect(await bench.fake.describeImportSnapshotTasks()).toHaveLength(1);
  });

  it('keeps its architecture', async () => {
    const bench = anImport();
    const arm = { ...IMAGE, properties: { hw_architecture: 'aarch64' } };

    const ami = await finished(bench, () => bench.look(arm));

    expect((await bench.fake.describeImages({ ids: [ami] }))[0]?.architecture).toBe('arm64');
  });

  it.each(['iso', 'ami'])('is refused in format %s, and told what to do', async (format) => {
    await expect(anImport().look(IMAGE, aSource({ format }))).rejects.toMatchObject({
      kind: 'unsupported',
      userMessage: expect.stringContaining(format) as unknown,
    });
  });

  it('that AWS can make nothing of is refused with AWS’s words', async () => {
    const bench = anImport();
    bench.fake.breakImports();

    await expect(finished(bench, () => bench.look())).rejects.toMatchObject({
      kind: 'invalid',
      userMessage: expect.stringContaining('Disk validation failed') as unknown,
    });
  });
});

describe('the list of imports', () => {
  const listed = ({ provider }: Bench) => provider.imports?.();

  it('has an import on its way, and then the AMI', async () => {
    const bench = anImport();
    const own = { name: null, checksum: 'c1', format: 'raw', sizeBytes: 4, account: null, reason: null };
    expect(await listed(bench)).toEqual([]);

    await bench.look();
    while (bench.store.held.size === 0) await new Promise((resolve) => setImmediate(resolve));
    bench.clock.advance(5_000);
    await bench.look();
    expect(await listed(bench)).toEqual([{ ...own, state: 'under-way', progress: 55, doneAt: null, providerImageId: null }]);

    const ami = await finished(bench, () => bench.look());
    const doneAt = expect.stringMatching(/^\d{4}-/) as unknown;
    const done = { ...own, name: 'debian', state: 'done', progress: 100, doneAt, providerImageId: ami };
    expect(await listed(bench)).toEqual([done]);
  });

  it('says why an import failed', async () => {
    const bench = anImport();
    bench.fake.breakImports();
    await finished(bench, () => bench.look()).catch(() => undefined);

    expect(await listed(bench)).toMatchObject([
      { state: 'failed', reason: expect.stringContaining('Disk validation') as unknown },
    ]);
  });

  it('has nothing of another cell', async () => {
    const bench = anImport();
    await finished(bench, () => bench.look());
    const other = aReplica(bench, { ...settings(bench.store), cellName: 'other' });

    expect(await other.imports?.()).toEqual([]);
  });
});

describe('an image with an AMI', () => {
  it('is left alone, and its data not asked for', async () => {
    const bench = anImport();
    const mapped = { ...IMAGE, properties: { ec2_ami: AMI } };
    const asked = bench.provider.importImage?.(mapped, () => Promise.reject(new Error('asked')));

    await expect(asked).resolves.toBeNull();
  });
});

it('is not to be had without a bucket', () => {
  expect(aBench().provider.importImage).toBeUndefined();
});
