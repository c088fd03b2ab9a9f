import { adminContext, dialectOf, newBroadcastUp, newTargetedUp, RELEASES, type Response } from '@burstcell/wire';
import type { Log } from '../../log.js';
import { PUBLISH_TIMEOUT_MS } from '../../timings.js';
import type { Calls } from './calls.js';
import type { Neighbours } from './neighbours.js';
import type { CellsV1Options } from './options.js';
import type { ReleaseWatch } from './release-watch.js';
import { ASK_RELEASE_EVERY_MS } from './timings.js';

interface QuestionParts {
  readonly options: CellsV1Options;
  readonly neighbours: Neighbours;
  readonly calls: Calls;
  readonly releases: ReleaseWatch;
  readonly log: Log;
}

/** Names no user and no key: the question is whether the method is known. */
const NOBODY = 'burstcell-release-question';

/**
 * With `parent_release = auto`: has the parent say something, for its answers show its release as well as its requests. The
 * first question is our capabilities, sent so that they are answered, which every release does. Kilo and Liberty speak alike in
 * answers and must be told apart before anything is said about an instance: only the later knows `get_keypair_at_top`.
 */
export class ReleaseQuestion {
  private timer: NodeJS.Timeout | undefined;
  private readonly stopped = new AbortController();

  constructor(private readonly parts: QuestionParts) {}

  start(): void {
    if (this.parts.options.spoken.isSettled) return;
    void this.ask();
    this.timer = setInterval(() => void this.ask(), ASK_RELEASE_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.timer);
    this.stopped.abort();
  }

  private async ask(): Promise<void> {
    const { options, log } = this.parts;
    try {
      if (!options.spoken.isSettled) await this.askForSomething();
      if (isAmbiguous(options)) await this.askForKey();
      if (options.spoken.isSettled) return clearInterval(this.timer);
      log.warn(
        { candidates: options.spoken.candidates },
        'the parent is not yet recognised, so nothing is said to it about instances; [burst] parent_release would name it',
      );
    } catch (error) {
      log.warn({ err: error }, 'the parent could not be asked about its release');
    }
  }

  private async askForSomething(): Promise<void> {
    const { options, neighbours, calls } = this.parts;
    for (const parentName of neighbours.parentNames) {
      const message = newTargetedUp({
        ctxt: adminContext(options.dialect),
        methodName: 'update_capabilities',
        methodKwargs: { cell_name: options.name, capabilities: plainCapabilities(options) },
        myName: options.name,
        parentName,
        fanout: true,
        needResponse: true,
        maxHopCount: options.maxHopCount,
      });
      const answered = calls.wait(message.uuid, options.callTimeoutMs, this.stopped.signal);
      await neighbours.send(message, PUBLISH_TIMEOUT_MS, parentName);
      // What tells is how it came, and that the intake has seen before us.
      await answered;
    }
  }

  private async askForKey(): Promise<void> {
    const { options, neighbours, calls, releases } = this.parts;
    const message = newBroadcastUp({
      ctxt: adminContext(options.dialect),
      methodName: 'get_keypair_at_top',
      methodKwargs: { user_id: NOBODY, name: NOBODY },
      myName: options.name,
      needResponse: true,
      maxHopCount: options.maxHopCount,
    });
    const answered = calls.wait(message.uuid, options.callTimeoutMs, this.stopped.signal);
    await neighbours.send(message, PUBLISH_TIMEOUT_MS);
    const response = await answered;
    if (response === null) return;
    const { candidates } = options.spoken;
    const isKnown = knowsTheMethod(response);
    releases.judge(
      candidates.filter((release) => dialectOf(release).keypairAtTop === isKnown),
      `get_keypair_at_top is ${isKnown ? 'known' : 'not known'} there`,
    );
  }
}

/** Something was heard, and the one doubt is left that no answer's form resolves. */
function isAmbiguous({ spoken: { candidates, isSettled } }: CellsV1Options): boolean {
  const knowing = candidates.filter((release) => dialectOf(release).keypairAtTop);
  const isHeard = candidates.length < RELEASES.length;
  return !isSettled && isHeard && knowing.length > 0 && knowing.length < candidates.length;
}

/** An unknown method is an AttributeError of the class that has the methods (nova/cells/messaging.py). */
function knowsTheMethod({ items }: Response): boolean {
  return items.some((item) => 'value' in item);
}

function plainCapabilities({ capabilities }: CellsV1Options): Record<string, string[]> {
  return Object.fromEntries(Object.entries(capabilities).map(([name, values]) => [name, [...values]]));
}
