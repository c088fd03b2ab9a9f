const MINUTE_MS = 60_000;

/** One launch; machines whose ids never came back count like the others. */
interface Entry {
  readonly count: number;
  readonly sinceMs: number;
  readonly ids: Set<string>;
  /** When each ended; by id, or by a number for those without. */
  readonly endedMs: Map<string | number, number>;
}

/** What was launched, by launch token, and how long it ran. */
export class SpendingLedger {
  readonly #entries = new Map<string, Entry>();

  constructor(private readonly now: () => number) {}

  has(token: string): boolean {
    return this.#entries.has(token);
  }

  open(token: string, count: number): void {
    this.#entries.set(token, { count, sinceMs: this.now(), ids: new Set(), endedMs: new Map() });
  }

  /** Nothing was started under this token. */
  strike(token: string): void {
    this.#entries.delete(token);
  }

  name(token: string, ids: readonly string[]): void {
    for (const id of ids) this.#entries.get(token)?.ids.add(id);
  }

  end(ids: readonly string[]): void {
    for (const { ids: known, endedMs } of this.#entries.values()) {
      for (const id of ids) if (known.has(id) && !endedMs.has(id)) endedMs.set(id, this.now());
    }
  }

  endAll(): void {
    for (const { count, ids, endedMs } of this.#entries.values()) {
      for (const id of ids) if (!endedMs.has(id)) endedMs.set(id, this.now());
      for (let at = ids.size; at < count; at += 1) if (!endedMs.has(at)) endedMs.set(at, this.now());
    }
  }

  get inAll(): number {
    return this.#sum(({ count }) => count);
  }

  get alive(): number {
    return this.#sum(({ count, endedMs }) => count - endedMs.size);
  }

  get minutes(): number {
    return this.#sum(({ count, sinceMs, endedMs }) => {
      const ended = [...endedMs.values()].map((ms) => billed(ms - sinceMs));
      return (count - endedMs.size) * billed(this.now() - sinceMs) + ended.reduce((sum, each) => sum + each, 0);
    });
  }

  #sum(of: (entry: Entry) => number): number {
    return [...this.#entries.values()].reduce((sum, entry) => sum + of(entry), 0);
  }
}

function billed(ms: number): number {
  return Math.max(1, ms / MINUTE_MS);
}
