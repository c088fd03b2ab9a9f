import { CloseCode, Refusal } from './refusal.js';

/** How many consoles of one instance are open in this process. */
export class Seats {
  private readonly taken = new Map<string, number>();

  constructor(private readonly perInstance: number) {}

  /** Throws a {@link Refusal} when all are taken; answers how to leave. */
  take(uuid: string): () => void {
    const others = this.taken.get(uuid) ?? 0;
    if (others >= this.perInstance) throw new Refusal(CloseCode.tryAgainLater, 'Too many are at this console; try again later.');
    this.taken.set(uuid, others + 1);
    return () => this.leave(uuid);
  }

  private leave(uuid: string): void {
    const left = (this.taken.get(uuid) ?? 0) - 1;
    if (left > 0) this.taken.set(uuid, left);
    else this.taken.delete(uuid);
  }
}
