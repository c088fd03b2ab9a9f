import type { InterCellMessage, Release, ReleaseHints } from '@burstcell/wire';
import type { Log } from '../../log.js';
import { evidenceOf } from './release-evidence.js';
import type { SpokenRelease } from './spoken-release.js';
import { CONTRADICTIONS, LOOK_AT_EVERY, LOOK_AT_FIRST } from './timings.js';

/** Keeps what an operator should read later than in the log. */
export type KeepFinding = (detail: string) => void;

/**
 * Compares what the parent sends with the release that is spoken. With `parent_release = auto` it finds that out; else it
 * says when the two do not agree. One odd message proves nothing: the parent must keep at it.
 */
export class ReleaseWatch {
  private seen = 0;
  private contradictions = 0;
  private lastSaid = '';

  constructor(
    private readonly spoken: SpokenRelease,
    private readonly log: Log,
    private readonly keep: KeepFinding = () => undefined,
  ) {}

  /** Called with each message before anything is decided about it. */
  note(hints: ReleaseHints, message: InterCellMessage): void {
    if (message.direction !== 'down') return;
    this.seen += 1;
    if (this.spoken.isSettled && this.seen > LOOK_AT_FIRST && this.seen % LOOK_AT_EVERY !== 0) return;
    const { candidates, seen } = evidenceOf(hints, message);
    if (candidates.length > 0) this.judge(candidates, seen);
  }

  /** Something else told what the parent may be. */
  judge(candidates: readonly Release[], seen: string): void {
    const agreed = this.spoken.candidates.filter((release) => candidates.includes(release));
    if (agreed.length > 0) {
      this.contradictions = 0;
      this.settle(agreed, seen);
      return;
    }
    this.contradictions += 1;
    if (this.contradictions < CONTRADICTIONS) return;
    this.contradictions = 0;
    if (this.spoken.configured === null) this.settle(candidates, seen);
    else this.complain(candidates, seen);
  }

  private settle(candidates: readonly Release[], seen: string): void {
    const before = this.spoken.release;
    const wasSettled = this.spoken.isSettled;
    const changed = this.spoken.narrow(candidates);
    if (!changed && wasSettled === this.spoken.isSettled) return;
    const facts = { release: this.spoken.release, candidates: this.spoken.candidates, before, seen };
    if (this.spoken.isSettled) this.log.info(facts, 'the parent was recognised; its release is spoken from now on');
    else this.log.info(facts, 'the parent is not yet recognised for certain; nothing is said about instances until it is');
  }

  private complain(candidates: readonly Release[], seen: string): void {
    if (seen === this.lastSaid) return;
    this.lastSaid = seen;
    const { configured } = this.spoken;
    this.log.error(
      { configured, candidates, seen },
      'the parent does not look like the configured release; set [burst] parent_release',
    );
    this.keep(`[burst] parent_release is ${configured}, but the parent looks like ${candidates.join(' or ')} (${seen})`);
  }
}
