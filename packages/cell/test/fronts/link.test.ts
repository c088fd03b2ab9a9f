import type { InstanceView, OutboxEntry } from '@burstcell/store';
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

interface LinkOptions {
  readonly views?: ReadonlyMap<string, InstanceView>;
  readonly isMapped?: boolean;
  /** When the broker confirms. */
  readonly confirmed?: Promise<void>;
}

function aLink(spoken: SpokenRelease, { views = new Map(), isMapped = true, confirmed = Promise.resolve() }: LinkOptions = {}) {
  const sent: InterCellMessage[] = [];
  const tidied: string[] = [];
  const mapped: unknown[] = [];
  const map = async (instances: readonly unknown[]) => {
    mapped.push(...instances);
    return isMapped;
  };
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
    store: { instances: { views: async () => views } },
    tidier: { tidy: async (uuids: readonly string[]) => void tidied.push(...uuids), map },
  } as unknown as ConstructorParameters<typeof CellsV1Link>[0]);
  return { link, sent, tidied, mapped };
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
    const { link, tidied } = aLink(new SpokenRelease('rocky', 'rocky'), { confirmed });

    const delivery = link.deliver([anEntry('gone')]);
    await new Promise(setImmediate);

    expect(tidied).toEqual([UUID]);
    confirm();
    expect(await delivery).toEqual(['taken']);
  });
});

/** Taken in, as `burstcell adopt` records it. */
const ADOPTED = {
  ...{ uuid: UUID, id: 7, deleted: 0, vm_state: 'active', task_state: null, power_state: 1, locked: false, locked_by: null },
  ...{
    host: 'ec2-a',
    node: 'ec2-a',
    launched_on: 'ec2-a',
    availability_zone: 'a',
    launched_at: new Date(0),
    terminated_at: null,
  },
  ...{ root_device_name: '/dev/sda', display_name: 'web', hostname: 'i-1', image_ref: '', project_id: 'p1', user_id: 'u1' },
  ...{ instance_type_id: 2, memory_mb: 512, vcpus: 1, root_gb: 1, ephemeral_gb: 0, network_info: [] },
  flavor: { id: 2, name: 'm1.tiny', flavorid: '1', memory_mb: 512, vcpus: 1, root_gb: 1, ephemeral_gb: 0 },
  ...{ old_flavor: null, new_flavor: null, system_metadata: { burst_adopted: 'true' } },
} as unknown as InstanceView;
const views = new Map([[UUID, ADOPTED]]);

describe('a server that the parent did not boot', () => {
  const parts = [0, 1, 2].map((part) => anEntry('adoption', { part }));

  it.each([
    ['juno', 1, false],
    ['mitaka', 3, false],
    ['rocky', 3, true],
  ] as const)('is told to a %s parent in %d message(s), mapped in its API database: %s', async (release, messages, isMapped) => {
    const { link, sent, mapped } = aLink(new SpokenRelease(release, 'rocky'), { views });

    expect(link.adoption()).toEqual({ parts: messages });
    expect(await link.deliver(parts)).toEqual(['taken', 'taken', 'taken']);

    expect(sent).toHaveLength(messages);
    expect(mapped.length > 0).toBe(isMapped);
    expect(JSON.stringify(sent)).not.toContain('burst_adopted');
  });

  it('waits while it cannot be mapped', async () => {
    const { link, sent } = aLink(new SpokenRelease('rocky', 'rocky'), { views, isMapped: false });

    expect(await link.deliver(parts.slice(0, 1))).toEqual(['later']);
    expect(sent).toEqual([]);
  });

  it('cannot be told to a Havana parent, nor to one that may be one', () => {
    const found = new SpokenRelease(null, 'rocky');
    expect(aLink(found).link.adoption()).toBeNull();
    found.narrow(['havana', 'icehouse', 'juno']);

    expect(aLink(found).link.adoption()).toEqual({ refusal: expect.stringContaining('havana') });
    expect(aLink(new SpokenRelease('havana', 'rocky')).link.adoption()).toEqual({ refusal: expect.stringContaining('havana') });
  });

  it('is reported to a dict parent so that it can make a row of any report', async () => {
    const { link, sent } = aLink(new SpokenRelease('juno', 'rocky'), { views });

    await link.deliver([anEntry('state', { flavor: true })]);

    expect(sent[0]?.methodKwargs.instance).toMatchObject({
      ...{ uuid: UUID, project_id: 'p1', memory_mb: 512, info_cache: { network_info: '[]' } },
      system_metadata: { instance_type_flavorid: '1' },
    });
    expect(sent[0]?.methodKwargs.instance).not.toHaveProperty('display_name');
  });
});
