import type { Ec2StateName } from '../ports/ec2-api.js';
import type { Clock } from './clock.js';
import { ec2Failure } from './failures.js';
import type { Machine } from './machine.js';

/** How far reads and verbs lag behind (Amazon EC2 Developer Guide: Eventual consistency). */
export interface Lag {
  /** A new instance is unknown to everything but its launch for so long. */
  readonly unseenMs: number;
  /** A changed state is shown as it was before for so long. */
  readonly staleMs: number;
}

const ID = /^i-(?:[0-9a-f]{8}|[0-9a-f]{17})$/;

/** All machines of the account by id, in order of birth, as callers may see them at this moment. */
export class Machines {
  readonly #byId = new Map<string, Machine>();

  constructor(
    private readonly clock: Clock,
    private readonly lag: Lag,
  ) {}

  get size(): number {
    return this.#byId.size;
  }

  add(machine: Machine): void {
    this.#byId.set(machine.id, machine);
  }

  forget(machine: Machine): void {
    this.#byId.delete(machine.id);
  }

  /** Without regard to lag. */
  find(id: string): Machine | undefined {
    return this.#byId.get(id);
  }

  all(): IterableIterator<Machine> {
    return this.#byId.values();
  }

  *visible(): Generator<Machine> {
    for (const machine of this.#byId.values()) if (this.isVisible(machine)) yield machine;
  }

  isVisible(machine: Machine): boolean {
    return this.clock.now() >= machine.bornAt + this.lag.unseenMs;
  }

  shownState(machine: Machine): Ec2StateName {
    return this.clock.now() < machine.changedAt + this.lag.staleMs ? machine.previousState : machine.state;
  }

  /** The machines of these ids, each once. Throws InvalidInstanceID.Malformed or .NotFound, which names all that are missing. */
  require(ids: readonly string[]): readonly Machine[] {
    if (ids.length === 0) throw ec2Failure('MissingParameter', 'The request must contain the parameter InstanceId');
    const malformed = ids.find((id) => !ID.test(id));
    if (malformed !== undefined) throw ec2Failure('InvalidInstanceID.Malformed', `Invalid id: "${malformed}"`);

    const found = [...new Set(ids)].map((id) => ({ id, machine: this.#visibleById(id) }));
    const missing = found.filter(({ machine }) => machine === undefined).map(({ id }) => id);
    if (missing.length > 0) throw notFound(missing);
    return found.flatMap(({ machine }) => machine ?? []);
  }

  #visibleById(id: string): Machine | undefined {
    const machine = this.#byId.get(id);
    return machine !== undefined && this.isVisible(machine) ? machine : undefined;
  }
}

function notFound(ids: readonly string[]) {
  const [first] = ids;
  const message =
    ids.length === 1 ? `The instance ID '${first}' does not exist` : `The instance IDs '${ids.join(', ')}' do not exist`;
  return ec2Failure('InvalidInstanceID.NotFound', message);
}
