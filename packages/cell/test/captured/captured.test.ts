import { readFileSync } from 'node:fs';
import { decodeInterCell, encodeInterCell, isJsonObject, openEnvelope, parseJson, type Release } from '@burstcell/wire';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { differencesPage, unexplained } from './page.js';
import { PAGE_FILE } from './page-file.js';
import { type Played, playAll } from './play.js';
import { RECORDED_RELEASES, recordingOf, scenesOf } from './recordings.js';

const SESSIONS_MS = 300_000;
/** There may be more of them: an instance that is not known here is told to be gone, and capacity that has changed is told at once. */
const AS_THINGS_GO = ['instance_destroy_at_top', 'instance_fault_create_at_top', 'update_capacities'];

describe('sessions of unmodified parents, with our cell in the place of the child', () => {
  let played: readonly Played[] = [];
  const session = (release: Release) => {
    const found = played.find((candidate) => candidate.release === release);
    if (found === undefined) throw new Error(`no session of ${release}`);
    return found;
  };

  beforeAll(async () => {
    played = await playAll(RECORDED_RELEASES);
  }, SESSIONS_MS);

  it('are those of nine releases', () => {
    expect(RECORDED_RELEASES).toHaveLength(9);
  });

  describe.each(RECORDED_RELEASES)('%s', (release) => {
    it('is the same JSON after decoding and encoding', () => {
      for (const { body } of recordingOf(release).messages) {
        const { rpc } = openEnvelope(Buffer.from(body ?? ''));
        const text = String(isJsonObject(rpc.args) ? rpc.args.message : '');
        expect(parseJson(encodeInterCell(decodeInterCell(text)))).toEqual(parseJson(text));
      }
    });

    it('takes every message of the parent, and says why where it refuses', () => {
      const sent = scenesOf(recordingOf(release)).flatMap(({ down }) => down);
      const { outcomes } = session(release);

      expect(outcomes).toHaveLength(sent.length);
      const mute = outcomes.filter(({ came, reason = '' }) => came === 'refused' && reason === '');
      expect(mute).toEqual([]);
    });

    it('knows every method and every argument that the parent sent', () => {
      const { outcomes } = session(release);

      const unknown = outcomes.filter(({ reason = '' }) =>
        /unknown-method|bad-arguments|bad-message|AttributeError|TypeError|ApiMethodNotFound/.test(reason),
      );
      expect(unknown).toEqual([]);
    });

    it('answers every question that the real child answered', () => {
      const { before, after } = session(release).counts.get('parse_responses') ?? { before: 0, after: -1 };

      expect(after).toBe(before);
    });

    it('means the same as the real child, but for what is explained', () => {
      expect(unexplained(session(release).differences)).toEqual([]);
    });

    it('says no more than the real child', () => {
      const { counts } = session(release);

      const talkative = [...counts].filter(([method, { before, after }]) => after > before && !AS_THINGS_GO.includes(method));
      expect(talkative).toEqual([]);
    });
  });

  it('are described by docs/protocol/differences.md as they went', () => {
    expect(readFileSync(PAGE_FILE, 'utf8')).toBe(differencesPage(played));
  });
});
