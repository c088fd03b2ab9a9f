/** Time as the fakes see it; replaced in tests so that hours pass at once. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs `work` once after `delayMs`; the answer cancels it. The process may end meanwhile unless it `holdsProcess`. */
  setTimer(work: () => void, delayMs: number, holdsProcess?: boolean): () => void;
}

/** setTimeout takes no more than 31 bits of milliseconds. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(work, delayMs, holdsProcess = false) {
    const timer = setTimeout(work, Math.min(Math.max(delayMs, 0), MAX_TIMER_MS));
    if (!holdsProcess) timer.unref();
    return () => clearTimeout(timer);
  },
};

interface Alarm {
  readonly dueAt: number;
  readonly work: () => void;
}

/** A clock that stands still until it is told to go on. */
export class ManualClock implements Clock {
  #nowMs: number;
  readonly #alarms = new Set<Alarm>();

  constructor(startMs = Date.UTC(2020, 0, 1)) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  setTimer(work: () => void, delayMs: number): () => void {
    const alarm = { dueAt: this.#nowMs + Math.max(delayMs, 0), work };
    this.#alarms.add(alarm);
    return () => this.#alarms.delete(alarm);
  }

  /** Lets `ms` pass; timers due meanwhile run in order, each at its own time, those they set included. */
  advance(ms: number): void {
    const end = this.#nowMs + ms;
    for (let next = this.#nextDue(end); next !== undefined; next = this.#nextDue(end)) {
      this.#alarms.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.dueAt);
      next.work();
    }
    this.#nowMs = end;
  }

  #nextDue(end: number): Alarm | undefined {
    let first: Alarm | undefined;
    for (const alarm of this.#alarms) {
      if (alarm.dueAt <= end && (first === undefined || alarm.dueAt < first.dueAt)) first = alarm;
    }
    return first;
  }
}
