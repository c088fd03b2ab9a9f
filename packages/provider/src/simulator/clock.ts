/** Time as the simulator sees it. */
export interface Clock {
  /** ms since the epoch. */
  now(): number;
  /** Runs `run` once, `delayMs` from now; the answer takes it back. */
  after(delayMs: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

interface Alarm {
  readonly atMs: number;
  readonly run: () => void;
}

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  #alarms: Alarm[] = [];
  #nowMs: number;

  constructor(startMs = Date.UTC(2018, 7, 30)) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): () => void {
    const alarm = { atMs: this.#nowMs + delayMs, run };
    this.#alarms.push(alarm);
    return () => {
      this.#alarms = this.#alarms.filter((other) => other !== alarm);
    };
  }

  /** Moves time on and runs what falls due, in order; an alarm set meanwhile rings too if it falls due. */
  advance(ms: number): void {
    const until = this.#nowMs + ms;
    for (let alarm = this.#nextBy(until); alarm !== undefined; alarm = this.#nextBy(until)) {
      const due = alarm;
      this.#alarms = this.#alarms.filter((other) => other !== due);
      this.#nowMs = due.atMs;
      due.run();
    }
    this.#nowMs = until;
  }

  #nextBy(untilMs: number): Alarm | undefined {
    const due = this.#alarms.filter((alarm) => alarm.atMs <= untilMs);
    return due.sort((one, other) => one.atMs - other.atMs)[0];
  }
}
