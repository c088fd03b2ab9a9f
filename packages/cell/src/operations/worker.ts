import type { OperationRow } from '@burstcell/store';
import { Loop } from '../loop.js';
import { CLAIM_LIMIT, IDLE_POLL_MS, LET_GO_MS, MAX_WAITING_BUILDS, OPERATION_LEASE_MS, OPERATION_RENEW_MS } from '../timings.js';
import { runOperation, type Tools } from './runner.js';
import { NotOurs, type Verb } from './verb.js';

interface Held {
  readonly operation: OperationRow;
  readonly abort: AbortController;
}

/**
 * Takes operations that are due and runs them, up to `concurrency` at a time. Any number of
 * workers, in any number of processes, share the table; an instance is only ever with one.
 * Dying loses nothing: leases run out, and a run picks up at the step that was recorded.
 */
export class Worker {
  private readonly held = new Map<string, Held>();
  private readonly loop: Loop;
  private renewal: NodeJS.Timeout | undefined;
  private unsubscribe: (() => void) | undefined;

  constructor(
    private readonly tools: Tools,
    private readonly verbs: ReadonlyMap<string, Verb>,
    private readonly options: { readonly holder: string; readonly concurrency: number },
  ) {
    this.loop = new Loop({ name: 'worker', log: tools.log, idleMs: IDLE_POLL_MS, round: () => this.round() });
  }

  start(): void {
    this.unsubscribe = this.tools.store.onWork('operations', () => this.loop.wake());
    this.tools.launcher.onWaiting = () => this.loop.wake();
    this.renewal = setInterval(() => void this.renew(), OPERATION_RENEW_MS);
    this.loop.start();
  }

  /** Takes nothing more, and waits for what it has in hand; what takes longer than `graceMs` is left to its lease. */
  async stop(graceMs: number): Promise<void> {
    this.unsubscribe?.();
    await this.loop.stop();
    const end = Date.now() + graceMs;
    while (this.held.size > 0 && Date.now() < end) await this.oneLess(end - Date.now());
    clearInterval(this.renewal);
    for (const { abort } of this.held.values()) abort.abort();
  }

  /** Claims as much as there is room for; answers when to look again. */
  private async round(): Promise<number> {
    const room = Math.min(this.room(), CLAIM_LIMIT);
    if (room <= 0) return IDLE_POLL_MS;
    const { store } = this.tools;
    const claimed = await store.operations.claim({ holder: this.options.holder, leaseMs: OPERATION_LEASE_MS, limit: room });
    if (claimed.length === 0) return Math.min((await store.operations.nextDueMs()) ?? IDLE_POLL_MS, IDLE_POLL_MS);

    for (const operation of claimed) this.held.set(operation.id, { operation, abort: new AbortController() });
    await this.begin(claimed);
    return 0;
  }

  /**
   * Builds that wait for the provider's launch limit hold no place: others would wait behind them for nothing, and the
   * more of them wait, the more share a launch.
   */
  private room(): number {
    const waiting = Math.min(this.tools.launcher.waitingBuilds, MAX_WAITING_BUILDS);
    return this.options.concurrency - (this.held.size - waiting);
  }

  private async begin(claimed: readonly OperationRow[]): Promise<void> {
    const uuids = claimed.map((operation) => operation.instanceUuid);
    try {
      const [views, machines] = await Promise.all([
        this.tools.store.instances.views(uuids),
        this.tools.store.providerInstances.of(uuids),
      ]);
      for (const operation of claimed) {
        const uuid = operation.instanceUuid;
        void this.run(operation, { operation, instance: views.get(uuid), machine: machines.get(uuid) });
      }
    } catch (error) {
      for (const { id } of claimed) this.held.delete(id);
      await this.letGo(claimed);
      throw error;
    }
  }

  private async run(operation: OperationRow, claimed: Parameters<typeof runOperation>[2]): Promise<void> {
    const signal = this.held.get(operation.id)?.abort.signal ?? AbortSignal.abort();
    try {
      await runOperation(this.tools, this.verbs, claimed, signal);
    } catch (error) {
      const facts = { operation: operation.id, uuid: operation.instanceUuid, verb: operation.verb, err: error };
      if (error instanceof NotOurs) this.tools.log.info(facts, 'operation is no longer ours');
      else if (!signal.aborted) {
        this.tools.log.warn(facts, 'operation let go of, to be taken again');
        await this.letGo([operation]);
      }
    } finally {
      this.held.delete(operation.id);
      this.freed?.();
      this.loop.wake();
    }
  }

  /** What could not be gone on with is anybody's again soon; with the database away it is left to its lease. */
  private async letGo(operations: readonly OperationRow[]): Promise<void> {
    try {
      await this.tools.store.operations.renew(operations, LET_GO_MS);
    } catch (error) {
      this.tools.log.warn({ operations: operations.map(({ id }) => id), err: error }, 'operations left to their lease');
    }
  }

  private freed: (() => void) | undefined;

  private oneLess(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      this.freed = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** An operation whose lease could not be lengthened is let go of: somebody else may have it. */
  private async renew(): Promise<void> {
    const held = [...this.held.values()].map(({ operation }) => ({ id: operation.id, fence: operation.fence }));
    if (held.length === 0) return;
    try {
      const ours = await this.tools.store.operations.renew(held, OPERATION_LEASE_MS);
      for (const { id } of held) if (!ours.has(id)) this.held.get(id)?.abort.abort();
    } catch (error) {
      this.tools.log.warn({ err: error }, 'leases could not be renewed');
    }
  }
}
