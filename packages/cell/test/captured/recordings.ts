import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { RELEASES, type Release } from '@burstcell/wire';
import { parseRecording, type RecordedMessage, type Recording } from '../../src/cli/capture/recording.js';
import { repository } from '../support/environment.js';

const FOLDER = join(repository, 'packages/cell/test/captured/fixtures');
const SUFFIX = '.jsonl.br';

/** Releases of which a whole session of an unmodified parent with an unmodified child is recorded, oldest first. */
export const RECORDED_RELEASES: readonly Release[] = recorded();

/** A session: each message marked with what the user was doing, in the order of the doing. */
export function recordingOf(release: Release): Recording {
  const packed = readFileSync(join(FOLDER, `${release}${SUFFIX}`));
  return parseRecording(brotliDecompressSync(new Uint8Array(packed)).toString('utf8'));
}

/** The session cut where the user began something new. */
export interface Scene {
  readonly doing: string;
  readonly down: readonly RecordedMessage[];
  readonly up: readonly RecordedMessage[];
}

export function scenesOf({ header, messages }: Recording): readonly Scene[] {
  const names = [...new Set(messages.map(({ mark = '' }) => mark))];
  return names.map((doing) => {
    const inScene = messages.filter(({ mark = '' }) => mark === doing);
    const down = inScene.filter(({ broker }) => broker === header.cell);
    return { doing, down, up: inScene.filter((message) => !down.includes(message)) };
  });
}

function recorded(): readonly Release[] {
  const files = new Set(readdirSync(FOLDER));
  return RELEASES.filter((release) => files.has(`${release}${SUFFIX}`));
}
