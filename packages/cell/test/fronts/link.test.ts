import type { OutboxEntry } from '@burstcell/store';
import type { InterCellMessage } from '@burstcell/wire';
import { describe, expect, it } from '@jest/globals';
import { answerNote } from '../../src/fronts/cells-v1/handlers/answer-note.js';
import type { CellsV1Options } from '../../src/fronts/cells-v1/options.js';
import { SpokenRelease } from '../../src/fronts/cells-v1/spoken-release.js';
import { CellsV1Link } from '../../src/fronts/cells-v1/v1-link.js';
import { aMessage, silentLog } from './tools.js';

const UUID = '11111111-1111-4111-8111-111111111111';

function anEntry(kind: string, payload: OutboxEntry['payload'] = {}): OutboxEntry {
  return { id: '1', uuid: kind === 'answer' ? null : UUID, kind, payload, version: 1, said: 0, createdAt: new Date() };
}

function aLink(spoken: SpokenRelease, confirmed: Promise<void> = Promise.resolve()) {
  const sent: InterCellMessage[] = [];
  const tidied: string[] = [];
  const options = { name: 'ec2', maxHopCount: 10, spoken, dialect: spoken.dialect } as unknown as CellsV1Options;
  const link = new CellsV1Link({
    options,
    log: silentLog,
    neighbours: {
      send: (message: InterCellMessage) => {
        sent.push(message);
        return confirmed;
      },
    },
    store: { instances: { views: async () => new Map() } },
    tidier: { tidy: async (uuids: readonly string[]) => void tidied.push(...uuids) },
  } as unknown as ConstructorParameters<typeof CellsV1Link>[0]);
  return { link, sent, tidied };
}

describe('what is due to a parent whose release is not known yet', () => {
  it('waits, but for answers to what it asked', async () => {
    const { link, sent } = aLink(new SpokenRelease(null, 'rocky'));
    const answer = anEntry('answer', { to: answerNote(aMessage({ needResponse: true })), value: 1 });

    const verdicts = await link.deliver([anEntry('gone'), anEntry('fault'), answer]);

    expect(verdicts).toEqual(['later', 'later', 'taken']);
    expect(sent.map(({ methodName }) => methodName)).toEqual(['parse_responses']);
  });

  it('is said once it is known', async () => {
    const { link, sent } = aLink(new SpokenRelease('kilo', 'rocky'));

    const verdicts = await link.deliver([anEntry('gone')]);

    expect(verdicts).toEqual(['taken']);
    expect(sent).toEqual([
      expect.objectContaining({ methodName: 'instance_destroy_at_top', methodKwargs: { instance: { uuid: UUID } } }),
    ]);
  });
});

describe("what the parent's API database keeps of a boot", () => {
  it('goes when the parent is told, not once its broker has confirmed', async () => {
    let confirm = () => {};
    const confirmed = new Promise<void>((resolve) => {
      confirm = resolve;
    });
    const { link, tidied } = aLink(new SpokenRelease('rocky', 'rocky'), confirmed);

    const delivery = link.deliver([anEntry('gone')]);
    await new Promise(setImmediate);

    expect(tidied).toEqual([UUID]);
    confirm();
    expect(await delivery).toEqual(['taken']);
  });
});
