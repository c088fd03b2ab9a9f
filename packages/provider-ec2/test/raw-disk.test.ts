import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImageSource } from '@burstcell/provider';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RawDisks } from '../src/launching/raw-disk.js';

/** Stands in for qemu-img: a raw disk is what comes after the header. */
const CONVERT = '#!/bin/sh\n[ "$1" = --version ] && exit 0\ntail -c +105 "$6" > "$7"\n';
const { signal } = new AbortController();

let folder: string;
let disks: RawDisks;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'raw-disk-test-'));
  const program = join(folder, 'qemu-img');
  writeFileSync(program, CONVERT);
  chmodSync(program, 0o755);
  disks = new RawDisks(program, folder);
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function anImage(change: (header: Buffer) => void = () => {}): ImageSource {
  const header = Buffer.alloc(104);
  header.write('QFI\xfb', 'latin1');
  header.writeUInt32BE(3, 4);
  header.writeBigUInt64BE(4n, 24);
  change(header);
  const data = Buffer.concat([header, Buffer.from('disk')]);
  const read = async () =>
    (async function* () {
      yield data;
    })();
  return { checksum: 'c', format: 'qcow2', sizeBytes: data.byteLength, read };
}

const leftovers = () => readdirSync(folder).filter((name) => name !== 'qemu-img');

describe('a qcow2 image', () => {
  it('becomes the raw disk it stands for, and nothing of it stays', async () => {
    const disk = await disks.make(anImage(), signal);
    const pieces: Uint8Array[] = [];
    for await (const piece of disk.data) pieces.push(piece);
    await disk.dispose();

    expect(Buffer.concat(pieces).toString()).toBe('disk');
    expect(disk.sizeBytes).toBe(4);
    expect(leftovers()).toEqual([]);
  });

  it.each<[string, (header: Buffer) => void]>([
    ['names a backing file', (header) => header.writeBigUInt64BE(512n, 8)],
    ['names a data file', (header) => header.writeBigUInt64BE(4n, 72)],
    ['is of an endless disk', (header) => header.writeBigUInt64BE(2n ** 60n, 24)],
    ['is none', (header) => header.write('MZ', 'latin1')],
  ])('is refused when it %s', async (_why, change) => {
    await expect(disks.make(anImage(change), signal)).rejects.toMatchObject({ kind: 'invalid' });
    expect(leftovers()).toEqual([]);
  });

  it('needs qemu-img', async () => {
    expect(await disks.areMade()).toBe(true);
    expect(await new RawDisks(join(folder, 'nowhere')).areMade()).toBe(false);
  });
});
