import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { type ImageSource, ProviderError } from '@burstcell/provider';
import { MAX_CONVERTED_BYTES } from '../timings.js';

const run = promisify(execFile);

/** QEMU's docs "Qcow2 Image File Format", header: the bytes that are looked at. */
const HEADER_BYTES = 104;
const MAGIC = 0x51_46_49_fb;
const EXTERNAL_DATA_FILE = 4n;

export interface RawDisk {
  readonly sizeBytes: number;
  readonly data: AsyncIterable<Uint8Array>;
  /** Removes what was written to this machine's disk. */
  dispose(): Promise<void>;
}

/** Makes raw disks of qcow2 images, by way of the folder for temporary files. */
export class RawDisks {
  constructor(
    private readonly program = 'qemu-img',
    private readonly folder = tmpdir(),
  ) {}

  /** Whether this machine has the program for it. */
  areMade(): Promise<boolean> {
    return run(this.program, ['--version']).then(
      () => true,
      () => false,
    );
  }

  /** Throws `invalid` for what is no image that stands by itself. */
  async make(source: ImageSource, signal: AbortSignal): Promise<RawDisk> {
    const folder = await mkdtemp(join(this.folder, 'burstcell-image-'));
    const dispose = () => rm(folder, { recursive: true, force: true });
    try {
      const [from, to] = [join(folder, 'disk.qcow2'), join(folder, 'disk.raw')];
      await pipeline(whole(await source.read(signal), source.sizeBytes), createWriteStream(from, { mode: 0o600 }), { signal });
      await checkHeader(from);
      await run(this.program, ['convert', '-f', 'qcow2', '-O', 'raw', from, to], { signal });
      await rm(from);
      return { sizeBytes: (await stat(to)).size, data: createReadStream(to), dispose };
    } catch (error) {
      await dispose();
      throw error;
    }
  }
}

/** The data, or an error at its end when there was less or more: half a disk must not count as one. */
export function whole(data: AsyncIterable<Uint8Array>, sizeBytes: number): Readable {
  return Readable.from(counted(data, sizeBytes), { objectMode: false });
}

async function* counted(data: AsyncIterable<Uint8Array>, sizeBytes: number): AsyncIterable<Uint8Array> {
  let bytes = 0;
  for await (const piece of data) {
    bytes += piece.byteLength;
    yield piece;
  }
  if (bytes !== sizeBytes) throw new Error(`the image ended after ${bytes} of ${sizeBytes} bytes`);
}

/** An image is its user's: one that names a file of this machine as its backing or data file would carry that away. */
async function checkHeader(path: string): Promise<void> {
  const file = await open(path);
  const header = Buffer.alloc(HEADER_BYTES);
  try {
    await file.read(header, 0, HEADER_BYTES, 0);
  } finally {
    await file.close();
  }
  const isVersion3 = header.readUInt32BE(4) >= 3;
  const namesBackingFile = header.readBigUInt64BE(8) !== 0n;
  const namesDataFile = isVersion3 && (header.readBigUInt64BE(72) & EXTERNAL_DATA_FILE) !== 0n;
  if (header.readUInt32BE(0) !== MAGIC) throw unfit('it is no qcow2 image');
  if (namesBackingFile || namesDataFile) throw unfit('it stands on another file');
  if (header.readBigUInt64BE(24) > BigInt(MAX_CONVERTED_BYTES)) throw unfit('its disk is too large');
}

function unfit(why: string): ProviderError {
  return new ProviderError('invalid', `the image cannot be converted: ${why}`, {
    subject: 'image',
    userMessage: `The image cannot be brought into this cloud: ${why}.`,
  });
}
