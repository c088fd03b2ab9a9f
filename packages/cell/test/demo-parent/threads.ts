/** How a parent's green threads store what came: each waits a little, so neighbours change places. */
export interface ThreadOptions {
  /** Each message waits a random time between these. 0 and 0: stored at once, in order. */
  readonly minMs: number;
  readonly maxMs: number;
  /** Messages stored at one moment; the others queue. */
  readonly parallelism: number;
  readonly random: () => number;
}

export class Threads {
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly queue: (() => void)[] = [];
  private running = 0;
  private idle: (() => void)[] = [];

  constructor(private readonly options: ThreadOptions) {}

  run(store: () => void): void {
    if (this.options.maxMs === 0) {
      store();
      return;
    }
    this.queue.push(store);
    this.startNext();
  }

  /** Resolves when nothing waits to be stored. */
  async quiet(): Promise<void> {
    if (this.running === 0) return;
    await new Promise<void>((resolve) => {
      this.idle.push(resolve);
    });
  }

  /** Forgets what waits. */
  stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    this.queue.length = 0;
  }

  private startNext(): void {
    const { minMs, maxMs, parallelism, random } = this.options;
    while (this.running < parallelism) {
      const store = this.queue.shift();
      if (!store) return;
      this.running += 1;
      const timer = setTimeout(() => this.finish(timer, store), minMs + random() * (maxMs - minMs));
      this.timers.add(timer);
    }
  }

  private finish(timer: NodeJS.Timeout, store: () => void): void {
    this.timers.delete(timer);
    this.running -= 1;
    store();
    this.startNext();
    if (this.running > 0) return;
    for (const resolve of this.idle.splice(0)) resolve();
  }
}
