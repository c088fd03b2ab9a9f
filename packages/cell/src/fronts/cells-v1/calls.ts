import type { Response, ResponseItem } from '@burstcell/wire';

/** Calls of ours to other cells that wait for their response messages. In memory: an answer nobody waits for means nothing. */
export class Calls {
  private readonly waiting = new Map<string, (response: Response) => void>();

  /** Resolves with the response to that message; null when the time is up or the signal ends it. */
  async wait(messageUuid: string, timeoutMs: number, signal: AbortSignal): Promise<Response | null> {
    const [response] = await this.collect(messageUuid, { responses: 1, timeoutMs, signal });
    return response ?? null;
  }

  /**
   * Resolves with the items of as many response messages as there are cells asked, or of those that came in time: each cell
   * sends one, with the items of all cells behind it.
   */
  async gather(messageUuid: string, expected: Expected): Promise<readonly ResponseItem[]> {
    const responses = await this.collect(messageUuid, expected);
    return responses.flatMap((response) => response.items);
  }

  /** True if somebody waited for it. */
  arrived(response: Response): boolean {
    const take = this.waiting.get(response.responseUuid);
    take?.(response);
    return take !== undefined;
  }

  private collect(messageUuid: string, { responses, timeoutMs, signal }: Expected): Promise<readonly Response[]> {
    const came: Response[] = [];
    if (responses === 0 || signal.aborted) return Promise.resolve(came);
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', finish);
        if (this.waiting.get(messageUuid) === take) this.waiting.delete(messageUuid);
        resolve(came);
      };
      const take = (response: Response) => {
        if (came.push(response) === responses) finish();
      };
      const timer = setTimeout(finish, timeoutMs);
      signal.addEventListener('abort', finish, { once: true });
      this.waiting.set(messageUuid, take);
    });
  }
}

export interface Expected {
  readonly responses: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}
