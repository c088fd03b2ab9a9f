import { Counter, type Registry, register } from 'prom-client';

/** How much came in, and what became of it. */
export interface IntakeCounts {
  received(method: string): void;
  duplicate(method: string): void;
  rejected(reason: string): void;
}

/** The same as series for operators. */
export class IntakeMetrics implements IntakeCounts {
  private readonly messages: Counter<'method'>;
  private readonly duplicates: Counter<'method'>;
  private readonly rejects: Counter<'reason'>;

  constructor(registry: Registry = register) {
    const registers = [registry];
    this.messages = new Counter({
      name: 'burstcell_messages_total',
      help: 'Inter-cell messages read.',
      labelNames: ['method'],
      registers,
    });
    this.duplicates = new Counter({
      name: 'burstcell_duplicate_messages_total',
      help: 'Messages that had been seen before.',
      labelNames: ['method'],
      registers,
    });
    this.rejects = new Counter({
      name: 'burstcell_rejected_messages_total',
      help: 'Messages that were refused and kept.',
      labelNames: ['reason'],
      registers,
    });
  }

  /** The wire's own text never becomes a label by itself: an unknown method would make a series each. */
  received(method: string): void {
    this.messages.inc({ method: method.slice(0, 64) });
  }

  duplicate(method: string): void {
    this.duplicates.inc({ method: method.slice(0, 64) });
  }

  rejected(reason: string): void {
    this.rejects.inc({ reason });
  }
}
