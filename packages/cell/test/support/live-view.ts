import { DRAW_MS, PLAIN_MS } from './timings.js';

/**
 * Shows what is going on: redrawn in place on a terminal, a line now and then elsewhere.
 * `picture` answers the lines to show at this moment.
 */
export class LiveView {
  private timer: NodeJS.Timeout | null = null;
  private drawn = 0;
  private lastPlain = '';

  constructor(
    private readonly picture: () => { readonly lines: readonly string[]; readonly plain: string },
    private readonly out: NodeJS.WriteStream = process.stdout,
  ) {}

  start(): void {
    const everyMs = this.out.isTTY ? DRAW_MS : PLAIN_MS;
    this.timer = setInterval(() => this.draw(), everyMs);
    this.draw();
  }

  /** A line that stays, above the picture. */
  say(line: string): void {
    this.erase();
    this.out.write(`${line}\n`);
    if (this.timer && this.out.isTTY) this.draw();
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
    this.draw();
    this.drawn = 0;
  }

  private draw(): void {
    const { lines, plain } = this.picture();
    if (!this.out.isTTY) {
      if (plain !== this.lastPlain) this.out.write(`${plain}\n`);
      this.lastPlain = plain;
      return;
    }
    this.erase();
    this.out.write(`${lines.join('\n')}\n`);
    this.drawn = lines.length;
  }

  private erase(): void {
    if (this.drawn > 0) this.out.write(`\u001b[${this.drawn}A\u001b[0J`);
    this.drawn = 0;
  }
}
