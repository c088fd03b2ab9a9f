import { CALL_LOG_SIZE } from './timings.js';

/** One call as it ended. */
export interface LoggedCall {
  readonly action: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** `ok`, or the code of the error the caller got. */
  readonly outcome: string;
  /** Instances launched or touched. */
  readonly instances: number;
}

export interface CallCounts {
  readonly total: number;
  readonly byAction: Readonly<Record<string, number>>;
  /** `Action ok` and `Action Code`. */
  readonly byOutcome: Readonly<Record<string, number>>;
}

/** What was asked and what was answered: the last calls one by one, all of them in counts. */
export class CallLog {
  #calls: LoggedCall[] = [];
  #byAction: Record<string, number> = {};
  #byOutcome: Record<string, number> = {};
  #total = 0;

  add(call: LoggedCall): void {
    const outcome = `${call.action} ${call.outcome}`;
    this.#total += 1;
    this.#byAction[call.action] = (this.#byAction[call.action] ?? 0) + 1;
    this.#byOutcome[outcome] = (this.#byOutcome[outcome] ?? 0) + 1;
    this.#calls.push(call);
    if (this.#calls.length >= 2 * CALL_LOG_SIZE) this.#calls = this.#calls.slice(-CALL_LOG_SIZE);
  }

  /** The last calls, oldest first. */
  calls(): readonly LoggedCall[] {
    return this.#calls.slice(-CALL_LOG_SIZE);
  }

  counts(): CallCounts {
    return { total: this.#total, byAction: { ...this.#byAction }, byOutcome: { ...this.#byOutcome } };
  }

  clear(): void {
    this.#calls = [];
    this.#byAction = {};
    this.#byOutcome = {};
    this.#total = 0;
  }
}
