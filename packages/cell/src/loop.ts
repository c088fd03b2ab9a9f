import type { Log } from './log.js';

/** Pause after a round that failed: the database or a broker is away. */
const FAILED_PAUSE_MS = 1_000;

export interface LoopOptions {
  readonly name: string;
  readonly log: Log;
  /** Longest sleep between rounds. */
  readonly idleMs: number;
  /** Does what there is to do; answers in how many ms it wants to be called again at the latest (0 = at once). */
  readonly round: () => Promise<number>;
}

/**
 * Runs rounds one after another, never two at once; sleeps between them until woken.
 * A round that rejects is logged and tried again after a pause: a loop never ends by itself.
 */
export class Loop {
  private running: Promise<void> | undefined;
  private stopping = false;
  private woken = false;
  private rouse: (() => void) | undefined;

  constructor(private readonly options: LoopOptions) {}

  start(): void {
    this.running ??= this.run();
  }

  /** The next round begins now, or right after the one under way. */
  wake(): void {
    this.woken = true;
    this.rouse?.();
  }

  /** Resolves when the round under way has ended. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.rouse?.();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      this.woken = false;
      const pauseMs = await this.round();
      if (!this.woken && !this.stopping && pauseMs > 0) await this.sleep(pauseMs);
    }
  }

  private async round(): Promise<number> {
    try {
      return Math.min(await this.options.round(), this.options.idleMs);
    } catch (error) {
      this.options.log.warn({ loop: this.options.name, err: error }, 'round failed; it is tried again');
      return FAILED_PAUSE_MS;
    }
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        this.rouse = undefined;
        resolve();
      };
      const timer = setTimeout(finish, ms);
      this.rouse = finish;
    });
  }
}
