import { ProviderError, type ProviderErrorDetails } from '../errors.js';
import type { Fault, ProviderVerb } from '../fault.js';

/** A {@link Fault} with the words of its error: what the tenant reads, the subject, a time to wait. */
export interface SimulatorFault extends Fault {
  readonly message?: string;
  readonly details?: ProviderErrorDetails;
}

/** Stands for an answer that never comes. */
export const SILENCE = Symbol('silence');

interface PlannedFault {
  readonly fault: SimulatorFault;
  left: number;
}

/** The misfortunes ahead, oldest plan first. */
export class FaultPlan {
  #planned: PlannedFault[] = [];

  add(fault: SimulatorFault): void {
    this.#planned.push({ fault, left: fault.times ?? 1 });
  }

  clear(): void {
    this.#planned = [];
  }

  /** Uses up one planned fault of this verb; undefined in fair weather. */
  take(verb: ProviderVerb): SimulatorFault | undefined {
    if (this.#planned.length === 0) return undefined;
    const planned = this.#planned.find(({ fault }) => fault.on === verb);
    if (planned === undefined) return undefined;
    planned.left -= 1;
    if (planned.left <= 0) this.#planned = this.#planned.filter((other) => other !== planned);
    return planned.fault;
  }
}

/** What the caller gets instead of an answer. */
export function outcomeOf(fault: SimulatorFault): ProviderError | typeof SILENCE {
  if (fault.error === 'silence') return SILENCE;
  const message = fault.message ?? `injected: ${fault.error} on ${fault.on}`;
  if (fault.error !== 'connection-reset') return new ProviderError(fault.error, message, fault.details);
  return new ProviderError('unavailable', message, { code: 'ECONNRESET', ...fault.details });
}
