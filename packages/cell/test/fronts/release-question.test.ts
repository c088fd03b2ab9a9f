import { dialectOf, type InterCellMessage, nova, type Release, type Response } from '@burstcell/wire';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Calls } from '../../src/fronts/cells-v1/calls.js';
import type { Neighbours } from '../../src/fronts/cells-v1/neighbours.js';
import type { CellsV1Options } from '../../src/fronts/cells-v1/options.js';
import { ReleaseQuestion } from '../../src/fronts/cells-v1/release-question.js';
import { ReleaseWatch } from '../../src/fronts/cells-v1/release-watch.js';
import { SpokenRelease } from '../../src/fronts/cells-v1/spoken-release.js';
import { aMessage, silentLog } from './tools.js';

let question: ReleaseQuestion | undefined;

afterEach(() => question?.stop());

/** A parent that answers as one of that release does: its answers carry its context, and it knows its methods. */
function askedParent(release: Release) {
  const calls = new Calls();
  const spoken = new SpokenRelease(null, 'rocky');
  const releases = new ReleaseWatch(spoken, silentLog);
  const sent: string[] = [];
  const { envelope, namespaceNull, contextKeys, keypairAtTop } = dialectOf(release);
  const answer = ({ uuid, methodName }: InterCellMessage): void => {
    const message = aMessage({ messageType: 'response', methodName: 'parse_responses', responseUuid: uuid });
    releases.note({ envelope: envelope === '2.0', namespaceKey: namespaceNull, contextKeys }, message);
    const isKnown = methodName !== 'get_keypair_at_top' || keypairAtTop;
    const item = isKnown ? { value: null } : { failure: nova.unknownMethod(methodName) };
    calls.arrived({ responseUuid: uuid, items: [{ cellName: 'ec2!api', ...item }] } satisfies Response);
  };
  const neighbours = {
    parentNames: ['api'],
    send: async (message: InterCellMessage) => {
      sent.push(message.methodName);
      setImmediate(() => answer(message));
    },
  } as unknown as Neighbours;
  const options = {
    name: 'ec2',
    spoken,
    get dialect() {
      return spoken.dialect;
    },
    callTimeoutMs: 1_000,
    maxHopCount: 10,
    capabilities: { os: ['linux'] },
  } as unknown as CellsV1Options;
  question = new ReleaseQuestion({ options, neighbours, calls, releases, log: silentLog });
  question.start();
  return { spoken, sent };
}

async function settled(spoken: SpokenRelease): Promise<void> {
  while (!spoken.isSettled) await new Promise(setImmediate);
}

describe('a cell that was not told its parent’s release', () => {
  it.each<[Release, readonly Release[]]>([
    ['grizzly', ['grizzly']],
    ['havana', ['havana']],
    ['icehouse', ['icehouse', 'juno']],
    ['juno', ['icehouse', 'juno']],
    ['newton', ['newton', 'ocata']],
    ['pike', ['pike']],
    ['queens', ['queens']],
    ['rocky', ['rocky']],
  ])('knows a %s parent well enough by one answer', async (release, candidates) => {
    const { spoken, sent } = askedParent(release);

    await settled(spoken);

    expect(spoken.candidates).toEqual(candidates);
    expect(sent).toEqual(['update_capabilities']);
  });

  it.each<[Release, readonly Release[]]>([
    ['kilo', ['kilo']],
    ['liberty', ['liberty', 'mitaka']],
    ['mitaka', ['liberty', 'mitaka']],
  ])('tells a %s parent from its like by a method that only the later have', async (release, candidates) => {
    const { spoken, sent } = askedParent(release);

    await settled(spoken);

    expect(spoken.candidates).toEqual(candidates);
    expect(sent).toEqual(['update_capabilities', 'get_keypair_at_top']);
  });
});
