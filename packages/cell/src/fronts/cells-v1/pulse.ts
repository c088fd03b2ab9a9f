import { adminContext, type JsonObject, newTargetedUp } from '@burstcell/wire';
import type { Capacities } from '../../capacity/capacities.js';
import type { Log } from '../../log.js';
import { LOOP_LEASE_FACTOR, PUBLISH_TIMEOUT_MS, PULSE_DEBOUNCE_MS } from '../../timings.js';
import type { Neighbours } from './neighbours.js';
import type { CellsV1Options } from './options.js';

interface PulseParts {
  readonly options: CellsV1Options;
  readonly neighbours: Neighbours;
  readonly capacities: Pick<Capacities, 'capabilities' | 'capacities'>;
  readonly log: Log;
  /** True for the replica whose turn the regular pulse is. */
  readonly isMyTurn: (ttlMs: number) => Promise<boolean>;
}

/**
 * Tells parents that the cell lives, what it and those below it are and what they can take: at the start, when asked, every
 * minute, and soon after its capacity has changed for the worse. Silence for `mute_child_interval` drains it.
 */
export class Pulse {
  private regular: NodeJS.Timeout | undefined;
  private due: NodeJS.Timeout | undefined;

  constructor(private readonly parts: PulseParts) {}

  start(): void {
    const { pulseIntervalMs } = this.parts.options;
    this.regular = setInterval(() => void this.beat(), pulseIntervalMs);
    this.capabilities();
    this.capacities();
  }

  stop(): void {
    clearInterval(this.regular);
    clearTimeout(this.due);
  }

  /** Capacity has changed: gathered with what else changes in the next moment. */
  soon(): void {
    this.due ??= setTimeout(() => {
      this.due = undefined;
      this.capacities();
    }, PULSE_DEBOUNCE_MS);
  }

  capabilities(): void {
    const { capacities, neighbours } = this.parts;
    void this.send('update_capabilities', async () => ({
      capabilities: neighbours.children.capabilitiesWith(await capacities.capabilities()),
    }));
  }

  capacities(): void {
    const { capacities, neighbours } = this.parts;
    void this.send('update_capacities', async () => ({
      capacities: neighbours.children.capacitiesWith(await capacities.capacities()),
    }));
  }

  /** Has a cell below say what it is: until it does, we offer nothing of it. */
  async askChild(name: string): Promise<void> {
    const { options, neighbours, log } = this.parts;
    try {
      for (const methodName of ['announce_capabilities', 'announce_capacities']) {
        const ctxt = adminContext(options.dialect);
        const { name: myName, maxHopCount } = options;
        const message = newTargetedUp({ ctxt, methodName, methodKwargs: {}, myName, parentName: name, maxHopCount });
        await neighbours.send({ ...message, direction: 'down' }, PUBLISH_TIMEOUT_MS, name);
      }
    } catch (error) {
      log.warn({ child: name, err: error }, 'a child cell could not be asked about itself; it says so by itself in a minute');
    }
  }

  private async beat(): Promise<void> {
    const { options, isMyTurn, log } = this.parts;
    try {
      if (!(await isMyTurn(options.pulseIntervalMs * LOOP_LEASE_FACTOR))) return;
    } catch (error) {
      // Without a database nobody knows whose turn it is; twice told is better than a cell taken for mute.
      log.warn({ err: error }, 'the turn of the pulse could not be settled');
    }
    this.capabilities();
    this.capacities();
  }

  private async send(methodName: string, facts: () => Promise<JsonObject>): Promise<void> {
    const { options, neighbours, log } = this.parts;
    try {
      const kwargs = { cell_name: options.name, ...(await facts()) };
      await Promise.all(neighbours.parentNames.map((parentName) => this.sendTo(parentName, methodName, kwargs)));
    } catch (error) {
      log.warn({ method: methodName, err: error }, 'the parent could not be told about this cell');
    }
  }

  private sendTo(parentName: string, methodName: string, methodKwargs: JsonObject): Promise<void> {
    const { dialect, name, maxHopCount } = this.parts.options;
    const ctxt = adminContext(dialect);
    const message = newTargetedUp({ ctxt, methodName, methodKwargs, myName: name, parentName, fanout: true, maxHopCount });
    return this.parts.neighbours.send(message, PUBLISH_TIMEOUT_MS, parentName);
  }
}
