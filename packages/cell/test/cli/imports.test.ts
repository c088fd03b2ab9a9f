import type { ImageImport } from '@burstcell/provider';
import { describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import type { CliContext } from '../../src/cli/cli-context.js';
import { addImportsCommand } from '../../src/cli/commands/imports.js';
import { importRows } from '../../src/cli/imports/imports.js';
import { importsTable } from '../../src/cli/imports/imports-table.js';
import type { Cloud } from '../../src/cli/with-cloud.js';
import { CliWorld } from './support.js';

const DONE: ImageImport = {
  ...{ name: 'debian', checksum: 'c1', format: 'qcow2', sizeBytes: 2 * 1024 ** 3, account: null, state: 'done', progress: 100 },
  ...{ doneAt: '2026-01-01T00:00:00.000Z', providerImageId: 'ami-1', reason: null },
};
const UNDER_WAY: ImageImport = {
  ...DONE,
  name: null,
  checksum: 'c2',
  state: 'under-way',
  progress: 62.5,
  doneAt: null,
  providerImageId: null,
};

function aWaiter(instanceUuid: string, waitsFor: object, minute = 0) {
  const createdAt = new Date(Date.UTC(2026, 0, 1, 12, minute));
  return { instanceUuid, createdAt, memo: { waitsFor: { name: 'ubuntu', progress: 62.5, ...waitsFor } } };
}

describe('the imports', () => {
  it('are those of the provider with those who wait for them, who come first', () => {
    const waiters = [aWaiter('u1', { imageId: 'i1', checksum: 'c2' }, 5), aWaiter('u2', { imageId: 'i2', checksum: 'c2' }, 1)];

    const rows = importRows([DONE, UNDER_WAY], waiters);

    expect(rows).toEqual([
      { ...UNDER_WAY, name: 'ubuntu', imageId: 'i1', since: '2026-01-01T12:01:00.000Z', waiting: ['u1', 'u2'] },
      { ...DONE, imageId: null, since: null, waiting: [] },
    ]);
  });

  it('are being uploaded where the provider has nothing of them', () => {
    const facts = { imageId: 'i1', checksum: 'c3', format: 'raw', sizeBytes: 7, progress: 12 };

    expect(importRows([DONE], [aWaiter('u1', facts), aWaiter('u2', { imageId: 'i9' })])).toMatchObject([
      { state: 'uploading', ...facts, name: 'ubuntu', waiting: ['u1'] },
      { state: 'uploading', imageId: 'i9', checksum: null, format: null, waiting: ['u2'] },
      { state: 'done' },
    ]);
  });

  it('are waited for by nobody who has the image', () => {
    const waiter = { ...aWaiter('u1', {}), memo: { waitsFor: null, importedImage: 'ami-1' } };

    expect(importRows([DONE], [waiter])).toMatchObject([{ state: 'done', waiting: [] }]);
  });

  it('of an earlier version, which noted no data, are shown as they are', () => {
    const unknown = { ...DONE, checksum: null, format: null, sizeBytes: null };

    expect(importRows([unknown], [])).toMatchObject([{ state: 'done', providerImageId: 'ami-1' }]);
  });

  it('are a table for people', () => {
    const failed: ImageImport = { ...UNDER_WAY, checksum: 'c4', state: 'failed', reason: 'Disk validation failed' };
    const rows = importRows([DONE, UNDER_WAY, failed], [aWaiter('u1', { imageId: 'i1', checksum: 'c2' })]);

    const text = importsTable(rows);

    for (const part of ['under-way 62 %', '2.0 GiB', 'ami-1', 'failed: Disk validation failed']) expect(text).toContain(part);
    expect(importsTable([])).toContain('none is being imported');
  });
});

describe('burstcell imports', () => {
  async function imports(provider: object, ...args: readonly string[]): Promise<string> {
    const world = new CliWorld();
    const lines: string[] = [];
    const context = { print: (line: string) => void lines.push(line), complain: () => {}, providerOptions: async () => [] };
    const program = new Command('burstcell').exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} });
    const cloud = { provider, store: { operations: { at: async () => [aWaiter('u1', { imageId: 'i1', checksum: 'c2' })] } } };
    addImportsCommand(program, context as unknown as CliContext, (_, work) => work(cloud as unknown as Cloud));
    try {
      await program.parseAsync(['imports', ...args, '--config-file', world.configFile], { from: 'user' });
    } finally {
      world.dispose();
    }
    return lines.join('\n');
  }

  it('lists them, for programs too', async () => {
    const provider = { imports: async () => [UNDER_WAY] };

    expect(await imports(provider)).toContain('under-way 62 %');
    expect(JSON.parse(await imports(provider, '--json'))).toMatchObject([{ checksum: 'c2', waiting: ['u1'] }]);
  });

  it('says what to set where nothing is imported', async () => {
    await expect(imports({})).rejects.toMatchObject({ remedy: expect.stringContaining('import_bucket') as unknown });
  });
});
