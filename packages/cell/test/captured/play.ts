import { type InterCellMessage, type Release, stringifyJson } from '@burstcell/wire';
import { compareTold, type Difference, outcomeOf } from '../../src/cli/capture/compare.js';
import { methodIn } from '../../src/cli/capture/method-in.js';
import { interCellIn, type RecordedMessage, type Recording } from '../../src/cli/capture/recording.js';
import { Told } from '../../src/cli/capture/told.js';
import { LocalCell } from './local-cell.js';
import { recordingOf, type Scene, scenesOf } from './recordings.js';

/** Sessions played at the same time: they wait more than they work, and each takes some connections to the database. */
const AT_ONCE = 3;

/** Plays the sessions of these releases; the results in their order. */
export async function playAll(releases: readonly Release[]): Promise<readonly Played[]> {
  const played = new Map<Release, Played>();
  const left = [...releases];
  const playOn = async () => {
    for (let release = left.shift(); release !== undefined; release = left.shift()) played.set(release, await play(release));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, playOn));
  return releases.flatMap((release) => played.get(release) ?? []);
}

/** What came of one message of the parent. */
export interface Outcome {
  readonly release: Release;
  readonly doing: string;
  readonly direction: 'targeted' | 'broadcast' | 'response';
  /** The compute API's method where one is carried. */
  readonly method: string;
  readonly came: 'answered' | 'done' | 'refused';
  /** Of a refusal: in whose words. */
  readonly reason?: string;
}

export interface FoundDifference extends Difference {
  readonly release: Release;
  readonly doing: string;
  /** The question's method, for a difference in its answer. */
  readonly method?: string;
}

/** How a recorded session went with our cell in the child's place. */
export interface Played {
  readonly release: Release;
  readonly outcomes: readonly Outcome[];
  readonly differences: readonly FoundDifference[];
  /** Messages up: method → how many then, how many now. */
  readonly counts: ReadonlyMap<string, { readonly before: number; readonly after: number }>;
}

/** Plays what the parent sent to a whole cell of ours, scene by scene, and compares what comes up by meaning. */
export async function play(release: Release): Promise<Played> {
  const recording = recordingOf(release);
  const { header } = recording;
  const parentName = header.brokers.find(({ side }) => side === 'parent')?.cell ?? 'api';
  const cell = await LocalCell.start({ release, name: header.cell, parentName, host: hostIn(recording) });
  try {
    const player = new Player(release, cell);
    for (const scene of scenesOf(recording)) await player.play(scene);
    return player.result();
  } finally {
    await cell.stop();
  }
}

/** A verb and the message beside it come within this; what a user does next comes later. */
const TOGETHER_MS = 1_000;
/** What is no part of a row. */
const OF_ONE_TURN: ReadonlySet<string> = new Set(['faults', 'devices', 'answer', 'form of the answer']);
/** Rejected messages looked through: more than a scene has. */
const LATELY = 20;

class Player {
  private readonly before = new Told();
  private readonly after = new Told();
  private readonly outcomes: Outcome[] = [];
  private readonly differences: FoundDifference[] = [];
  private readonly counts = new Map<string, { before: number; after: number }>();

  constructor(
    private readonly release: Release,
    private readonly cell: LocalCell,
  ) {
    cell.onSaid = (message) => this.after.take(message);
  }

  result(): Played {
    const { release, outcomes, differences, counts } = this;
    return { release, outcomes, differences, counts };
  }

  async play(scene: Scene): Promise<void> {
    this.before.turn();
    this.after.turn();
    for (const letter of scene.up) this.before.take(messageIn(letter));
    const questions = new Map<string, string>();
    for (const letters of togetherIn(scene.down)) {
      for (const letter of letters) await this.deliver(letter);
      await this.cell.quiet();
      for (const message of letters.map(messageIn)) {
        questions.set(message.uuid, methodIn(message));
        this.outcomes.push({ ...(await this.outcome(message)), release: this.release, doing: scene.doing });
      }
    }
    this.count('before', this.before);
    this.count('after', this.after);
    for (const difference of compareTold(this.before, this.after)) {
      if (!this.isNew(difference)) continue;
      const method = questions.get(difference.about);
      const found = { ...difference, release: this.release, doing: scene.doing };
      this.differences.push(method === undefined ? found : { ...found, method });
    }
  }

  private async deliver({ exchange, routingKey, body, properties }: RecordedMessage): Promise<void> {
    const { contentType } = properties;
    const settled = await this.cell.deliver({ exchange, routingKey, body: Buffer.from(body ?? ''), contentType });
    if (settled !== 'acked') throw new Error(`a message was ${settled}`);
  }

  private async outcome(message: InterCellMessage): Promise<Pick<Outcome, 'direction' | 'method' | 'came' | 'reason'>> {
    const what = { direction: message.messageType, method: methodIn(message) };
    const item = this.after.answers.get(message.uuid)?.[0];
    if (item !== undefined && 'failure' in item) return { ...what, came: 'refused', reason: outcomeOf(item) };
    if (item !== undefined) return { ...what, came: 'answered' };
    const rejected = (await this.cell.store.rejected.list(LATELY)).find(({ body }) => body.includes(message.uuid));
    if (rejected !== undefined) return { ...what, came: 'refused', reason: `${rejected.reason}: ${rejected.detail}` };
    const fault = uuidsIn(message).flatMap((uuid) => this.after.events.get(uuid)?.faults ?? [])[0];
    return fault === undefined ? { ...what, came: 'done' } : { ...what, came: 'refused', reason: fault.message };
  }

  /** A row that differs once differs in all that is said of it from then on. */
  private isNew({ about, what, before, after }: Difference): boolean {
    if (OF_ONE_TURN.has(what)) return true;
    return !this.differences.some(
      (known) => known.about === about && known.what === what && known.before === before && known.after === after,
    );
  }

  private count(side: 'before' | 'after', told: Told): void {
    for (const [method, count] of told.counts) {
      const both = this.counts.get(method) ?? { before: 0, after: 0 };
      this.counts.set(method, { ...both, [side]: both[side] + count });
    }
  }
}

/** The recorded child's compute host, as it named it to its parent. */
function hostIn({ messages }: Recording): string {
  const named = messages.map(({ body }) => /"host\\*": \\*"(child-[\w-]+)\\*"/.exec(body ?? '')?.[1]);
  return named.find((host) => host !== undefined) ?? 'child-host';
}

/** Messages that belong together, in order: the cell comes to rest after each lot. */
function togetherIn(letters: readonly RecordedMessage[]): readonly (readonly RecordedMessage[])[] {
  const lots: RecordedMessage[][] = [];
  for (const letter of letters) {
    const lot = lots.at(-1);
    const before = lot?.at(-1)?.atMs;
    if (lot !== undefined && before !== undefined && letter.atMs - before < TOGETHER_MS) lot.push(letter);
    else lots.push([letter]);
  }
  return lots;
}

function messageIn(letter: RecordedMessage): InterCellMessage {
  const message = interCellIn(letter);
  if (message === null) throw new Error('a recorded message is none between cells');
  return message;
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Every uuid that a message names: among them that of its instance. */
function uuidsIn({ methodKwargs }: InterCellMessage): readonly string[] {
  return [...new Set(stringifyJson(methodKwargs).match(UUID))];
}
