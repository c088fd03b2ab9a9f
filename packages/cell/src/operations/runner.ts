import { isRepeatable, ProviderError } from '@burstcell/provider';
import type { InstanceView, OperationRow, ProviderInstanceRow, Write } from '@burstcell/store';
import { originFromJson } from '../intent.js';
import { VmState } from '../states.js';
import { RETRY_FIRST_MS, RETRY_MAX_MS } from '../timings.js';
import { badEnd, cancelledEnd, goneEnd, goodEnd } from './endings.js';
import {
  Failure,
  type FailureKind,
  observedOnly,
  protectedMachine,
  refusedInState,
  timeIsUp,
  toFailure,
  unsupportedVerb,
} from './failure.js';
import { NotOurs, type OperationContext, type Step, type Tools, type Verb } from './verb.js';

export type { Tools } from './verb.js';

/** A claimed operation with what was read for it. */
export interface Claimed {
  readonly operation: OperationRow;
  /** Undefined: no row at all. */
  readonly instance: InstanceView | undefined;
  readonly machine: ProviderInstanceRow | undefined;
}

/**
 * Takes one claimed operation as far as it goes and records where that is. Rejects only with
 * {@link NotOurs} or when the database is away; the lease then runs out and another run goes on.
 */
export async function runOperation(
  tools: Tools,
  verbs: ReadonlyMap<string, Verb>,
  claimed: Claimed,
  signal: AbortSignal,
): Promise<void> {
  const verb = verbs.get(claimed.operation.verb);
  if (verb === undefined)
    throw new Error(`operation ${claimed.operation.id} has no verb of this version: ${claimed.operation.verb}`);
  await new Run(tools, verb, claimed, signal).go();
}

/** What cannot be done at all was not begun at the provider: the instance is as it was. */
const UNCHANGED: ReadonlySet<FailureKind> = new Set(['unsupported', 'invalid']);

/** Failures after which the cell may have less to offer. */
const LOST_ROOM: ReadonlySet<FailureKind> = new Set<FailureKind>(['capacity', 'quota', 'unauthorized']);

class Run {
  private readonly origin;
  /** Past its guards: what follows may have changed something. */
  private hasBegun = false;
  /** The step that was recorded last. */
  private step: string | null;

  constructor(
    private readonly tools: Tools,
    private readonly verb: Verb,
    private readonly claimed: Claimed,
    private readonly signal: AbortSignal,
  ) {
    this.origin = originFromJson(claimed.operation.origin);
    this.step = claimed.operation.step;
  }

  async go(): Promise<void> {
    const { instance, operation } = this.claimed;
    if (instance === undefined) return this.record(goneEnd(this.ending(), 'refused'));
    const context = this.contextFor(instance);
    if (instance.deleted !== 0 && this.verb.onDeleted !== true) {
      return this.record([...goneEnd(this.ending(), 'refused'), ...this.cleared(context)]);
    }
    if (operation.cancelled && this.verb.cancels === undefined) {
      return this.record([...cancelledEnd(this.ending()), ...this.cleared(context)]);
    }
    try {
      if (operation.step === null) await this.begin(instance);
      this.hasBegun = true;
      if (this.isLate()) throw timeIsUp(this.verb.name, this.lastAnswer());
      await this.settle(await this.verb.run(context));
    } catch (error) {
      await this.stumble(context, error);
    }
  }

  /** The guarded first step: only from a state that allows the verb, and with its task state on our row. */
  private async begin(instance: InstanceView): Promise<void> {
    const { verb } = this;
    const { provider, observeOnly } = this.tools;
    if (verb.needs?.some((ability) => provider[ability] === undefined)) throw unsupportedVerb(verb.name, provider.name);
    if (verb.destroys === true && this.claimed.machine?.adopted === 'protected') throw protectedMachine(verb.name);
    if (observeOnly && verb.isPassive !== true && (await this.reachesProvider())) throw observedOnly(verb.name);
    if (verb.from !== 'any' && !verb.from.some((state) => state === instance.vm_state)) {
      throw refusedInState(verb.name, instance.vm_state, null);
    }
    if (verb.taskState === null || verb.taskState === instance.task_state) return;
    await this.record([{ write: 'patch-instance', uuid: instance.uuid, set: { task_state: verb.taskState } }]);
  }

  /** An instance that has no machine, and for which none may have been started, has nothing there to change. */
  private async reachesProvider(): Promise<boolean> {
    const { operation, machine } = this.claimed;
    if (this.verb.launches === true || (machine !== undefined && machine.state !== 'terminated')) return true;
    const launches = await this.tools.store.launches.of(operation.instanceUuid);
    return launches.some(({ outcome }) => outcome === 'intended' || (outcome === 'launched' && machine === undefined));
  }

  private settle(step: Step): Promise<void> {
    if (step.step === 'done') return this.record(goodEnd(this.ending(), step));
    const deadline = step.deadline ?? this.claimed.operation.deadline;
    const runAt = new Date(Math.min(this.now() + step.delayMs, deadline.getTime()));
    return this.record([
      ...(step.writes ?? []),
      {
        write: 'save-operation',
        id: this.claimed.operation.id,
        step: step.at,
        ...(step.memo === undefined ? {} : { memo: step.memo }),
        ...(step.deadline === undefined ? {} : { deadline: step.deadline }),
        runAt,
      },
    ]);
  }

  private async stumble(context: OperationContext, error: unknown): Promise<void> {
    if (error instanceof NotOurs || this.signal.aborted) throw error;
    const { operation } = this.claimed;
    if (!this.isLate() && !(error instanceof Failure) && isRepeatable(error)) return this.again(error);

    const failure = this.failureOf(error);
    const facts = {
      uuid: operation.instanceUuid,
      operation: operation.id,
      verb: this.verb.name,
      kind: failure.kind,
      why: failure.message,
    };
    if (failure.kind === 'state' || failure.kind === 'unsupported') this.tools.log.info(facts, 'verb refused');
    else this.tools.log.warn({ ...facts, err: failure.cause }, 'verb failed');

    const { failsTo, untouchedAt } = this.verb;
    const isTouched = this.hasBegun && !UNCHANGED.has(failure.kind) && untouchedAt?.includes(this.step) !== true;
    // An instance that is still building has no state to go back to.
    const isLost = isTouched || context.instance.vm_state === VmState.BUILDING;
    await this.record(
      badEnd(this.ending(), failure, {
        outcome: this.hasBegun ? 'failed' : 'refused',
        writes: [...(this.verb.afterFailure?.(context, failure) ?? []), ...this.cleared(context)],
        ...(isLost && failsTo !== undefined ? { vmState: failsTo } : {}),
      }),
    );
    if (LOST_ROOM.has(failure.kind)) this.tools.capacityChanged();
  }

  /** What would have been tried again is told as what it is: its time was up. */
  private failureOf(error: unknown): Failure {
    const isAnswer = error instanceof ProviderError && isRepeatable(error);
    return isAnswer ? timeIsUp(this.verb.name, error.userMessage) : toFailure(error);
  }

  private cleared(context: OperationContext): readonly Write[] {
    return this.verb.clearsAway?.(context) ?? [];
  }

  /** Nothing is known about the effect, or the fault is ours: the same again, later. */
  private again(error: unknown): Promise<void> {
    const { operation } = this.claimed;
    const said = error instanceof ProviderError ? error : undefined;
    if (said === undefined)
      this.tools.log.error(
        { operation: operation.id, uuid: operation.instanceUuid, err: error },
        'operation met an unexpected error',
      );
    const backOffMs = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** Math.min(operation.attempt, 10));
    const delayMs = Math.max(said?.retryAfterMs ?? 0, backOffMs * (0.75 + Math.random() / 2));
    return this.record([
      {
        write: 'save-operation',
        id: operation.id,
        attempt: operation.attempt + 1,
        memo: { lastAnswer: said?.userMessage ?? null },
        runAt: new Date(this.now() + delayMs),
      },
    ]);
  }

  private lastAnswer(): string | null {
    const last = this.claimed.operation.memo.lastAnswer;
    return typeof last === 'string' ? last : null;
  }

  private isLate(): boolean {
    return this.now() >= this.claimed.operation.deadline.getTime();
  }

  private now(): number {
    return this.tools.now().getTime();
  }

  private ending() {
    const { operation, instance } = this.claimed;
    return { operation, origin: this.origin, verb: this.verb, host: instance?.host ?? null, at: this.tools.now() };
  }

  private async record(writes: readonly Write[]): Promise<void> {
    const { id, fence } = this.claimed.operation;
    const result = await this.tools.store.commit({ guards: [{ guard: 'operation-held', id, fence }], writes });
    if (result !== 'done') throw new NotOurs(`operation ${id}: ${result}`);
    for (const write of writes) if (write.write === 'save-operation') this.step = write.step ?? this.step;
  }

  private contextFor(instance: InstanceView): OperationContext {
    const { operation, machine } = this.claimed;
    return {
      ...this.tools,
      operation,
      origin: this.origin,
      instance,
      signal: this.signal,
      machine: async () => machine ?? null,
      record: (writes) => this.record(writes),
    };
  }
}
