import type { Json } from './json.js';
import { checkAnswer } from './judge/answers.js';
import type { Answer, RemoteFailure } from './judge/response.js';
import type { ParentDialect } from './releases.js';
import { type Findings, Lost, type Violation } from './violations.js';

/** `[cells] call_timeout` of a parent. */
export const CALL_TIMEOUT_MS = 60_000;

/** The child answered with an exception. */
export class RemoteError extends Error {
  override readonly name = 'RemoteError';
  constructor(readonly failure: RemoteFailure) {
    super(`${failure.className}: ${failure.message}`);
  }
}

/** The child did not answer, or in a form its parent cannot read. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

interface Waiting {
  readonly method: string;
  readonly resolve: (value: Json) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** Questions asked of the child and not answered yet, by the uuid of their message. */
export class Questions {
  private readonly waiting = new Map<string, Waiting>();
  private readonly answered = new Set<string>();

  constructor(
    private readonly dialect: ParentDialect,
    private readonly violations: Violation[],
  ) {}

  /** Resolves with the value; rejects with {@link RemoteError} or {@link NoAnswer}. */
  ask(uuid: string, method: string, timeoutMs = CALL_TIMEOUT_MS): Promise<Json> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.silence(uuid, method, timeoutMs), timeoutMs);
      this.waiting.set(uuid, { method, resolve, reject, timer });
    });
  }

  answer(uuid: string, answer: Answer, findings: Findings): void {
    const waiting = this.waiting.get(uuid);
    if (!waiting) {
      if (!this.answered.has(uuid)) findings.add('useless', 'unknown-response', `response to ${uuid}, which nobody asked`);
      return;
    }
    this.end(uuid, waiting);
    if (answer.failure) {
      waiting.reject(new RemoteError(answer.error));
      return;
    }
    try {
      checkAnswer(waiting.method, answer.value, this.dialect, findings);
      waiting.resolve(answer.value);
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
      findings.add('harm', error.code, `${waiting.method}: ${error.message}`);
      waiting.reject(new NoAnswer(`${waiting.method}: ${error.message}`));
    }
  }

  /** Ends all waits: the run is over. */
  stop(): void {
    for (const [uuid, waiting] of this.waiting) {
      this.end(uuid, waiting);
      waiting.reject(new NoAnswer('the parent stopped'));
    }
  }

  /** One silent child makes the whole listing of the parent fail (CellTimeout). */
  private silence(uuid: string, method: string, timeoutMs: number): void {
    const waiting = this.waiting.get(uuid);
    if (!waiting) return;
    this.end(uuid, waiting);
    const text = `${method}: no answer within ${timeoutMs} ms`;
    this.violations.push({ severity: 'harm', code: 'silent', text, method, uuid: null });
    waiting.reject(new NoAnswer(text));
  }

  private end(uuid: string, waiting: Waiting): void {
    clearTimeout(waiting.timer);
    this.waiting.delete(uuid);
    this.answered.add(uuid);
  }
}
