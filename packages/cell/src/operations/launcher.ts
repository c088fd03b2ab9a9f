import {
  type Launch,
  type LaunchRequest,
  type Offering,
  type Provider,
  ProviderError,
  type ProviderInstance,
} from '@burstcell/provider';
import type { JsonObject, OperationRow, Store, Write } from '@burstcell/store';
import { GATHER_MS } from '../timings.js';
import { NotOurs } from './verb.js';

/** One build's wish to be launched on an offering. */
export interface LaunchWish {
  readonly operation: OperationRow;
  readonly request: LaunchRequest;
  readonly offering: Offering;
  /** Part of the token: wishes of different attempts never share a launch. */
  readonly attempt: number;
  /** What is recorded with the frozen launch, before the call. */
  readonly intent: (launch: Launch) => readonly Write[];
}

/** What came of a wish. The launch is known in either case once it was recorded. */
export type LaunchOutcome =
  | { readonly launch: Launch; readonly machine: ProviderInstance }
  | {
      readonly launch: Launch;
      readonly error: unknown /** The launch itself went well, for others. */;
      readonly isPartial?: true;
    };

interface Waiting extends LaunchWish {
  readonly settle: (outcome: LaunchOutcome) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Gathers builds of equal shape into one launch, as long as the provider's limits make them wait
 * anyway; records the launch for all of them in one unit; calls it once. Each build then goes on by
 * itself. Dying before the record leaves nothing; after it, each build replays the same launch.
 */
export class Launcher {
  private readonly waiting = new Map<string, Waiting[]>();
  private readonly replays = new Map<string, Promise<ReadonlyMap<string, ProviderInstance>>>();
  /** Accounts of the provider for which it is under way. */
  private readonly gathering = new Set<string | undefined>();
  /** Told when a build begins to wait. */
  onWaiting: () => void = () => {};

  constructor(
    private readonly store: Store,
    private readonly provider: Provider,
  ) {}

  /** Builds that do nothing but wait for the provider to admit their launch. */
  get waitingBuilds(): number {
    return [...this.waiting.values()].reduce((sum, line) => sum + line.length, 0);
  }

  /** Rejects with NotOurs when the operation was lost before the record, and with what `freeze` throws. */
  launch(wish: LaunchWish): Promise<LaunchOutcome> {
    return new Promise((settle, fail) => {
      const key = `${wish.attempt} ${wish.offering.key}`;
      const line = this.waiting.get(key);
      if (line === undefined) this.waiting.set(key, [{ ...wish, settle, fail }]);
      else line.push({ ...wish, settle, fail });
      if (this.provider.admit === undefined) void this.launchLine(key, false);
      else if (!this.gathering.has(wish.offering.account)) void this.gather(wish.offering.account);
      this.onWaiting();
    });
  }

  /** The same launch again, after a crash or a lost reply; callers of one token share one call. */
  replay(launch: Launch): Promise<ReadonlyMap<string, ProviderInstance>> {
    const known = this.replays.get(launch.token);
    if (known !== undefined) return known;
    const replay = this.provider.launch(launch).finally(() => this.replays.delete(launch.token));
    this.replays.set(launch.token, replay);
    return replay;
  }

  /** One launch for each time the provider admits one to that account, the longest line first. */
  private async gather(account: string | undefined): Promise<void> {
    this.gathering.add(account);
    try {
      while (this.lines(account).length > 0) {
        await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
        await this.provider.admit?.(account === undefined ? {} : { account });
        const [key] = this.lines(account).reduce((longest, each) => (each[1].length > longest[1].length ? each : longest));
        void this.launchLine(key, true);
      }
    } catch (error) {
      for (const [key, line] of this.lines(account)) {
        this.waiting.delete(key);
        for (const wish of line) wish.fail(error);
      }
    } finally {
      this.gathering.delete(account);
    }
  }

  private lines(account: string | undefined): readonly (readonly [string, readonly Waiting[]])[] {
    return [...this.waiting].filter(([, [first]]) => first?.offering.account === account);
  }

  private async launchLine(key: string, admitted: boolean): Promise<void> {
    const line = this.waiting.get(key) ?? [];
    this.waiting.delete(key);
    const [first] = line;
    if (first === undefined) return;
    const launches = this.frozen(line, first);
    const [now, ...later] = admitted ? launches.sort((a, b) => b.members.length - a.members.length) : launches;
    for (const launch of later) {
      if (admitted) this.backInLine(key, wishesOf(launch, line));
      else void this.carryOut(launch, wishesOf(launch, line), admitted);
    }
    if (now !== undefined) await this.carryOut(now, wishesOf(now, line), admitted);
  }

  /** A request that cannot be frozen speaks for itself alone. */
  private frozen(line: readonly Waiting[], { offering, attempt }: LaunchWish): Launch[] {
    try {
      return [
        ...this.provider.freeze(
          line.map((wish) => wish.request),
          offering,
          attempt,
        ),
      ];
    } catch (error) {
      if (line.length === 1) {
        line[0]?.fail(error);
        return [];
      }
      return line.flatMap((wish) => this.frozen([wish], wish));
    }
  }

  private backInLine(key: string, wishes: readonly Waiting[]): void {
    this.waiting.set(key, [...(this.waiting.get(key) ?? []), ...wishes]);
  }

  private async carryOut(launch: Launch, wishes: readonly Waiting[], admitted: boolean): Promise<void> {
    try {
      if (!(await this.recorded(launch, wishes))) return;
    } catch (error) {
      for (const wish of wishes) wish.fail(error);
      return;
    }
    const outcome = await this.called(launch, admitted);
    for (const wish of wishes) wish.settle(outcomeFor(wish, launch, outcome));
  }

  /** One unit for all. When one of them is somebody else's now, each is launched by itself. */
  private async recorded(launch: Launch, wishes: readonly Waiting[]): Promise<boolean> {
    const result = await this.store.commit({
      guards: wishes.map(({ operation: { id, fence } }) => ({ guard: 'operation-held', id, fence })),
      writes: [recordOf(launch, wishes[0]?.attempt ?? 1), ...wishes.flatMap((wish) => wish.intent(launch))],
    });
    if (result === 'done') return true;
    if (wishes.length === 1) throw new NotOurs(`operation ${wishes[0]?.operation.id}: ${result}`);
    for (const wish of wishes) for (const alone of this.frozen([wish], wish)) void this.carryOut(alone, [wish], false);
    return false;
  }

  private async called(
    launch: Launch,
    admitted: boolean,
  ): Promise<ReadonlyMap<string, ProviderInstance> | { readonly error: unknown }> {
    try {
      return await this.provider.launch(launch, { admitted });
    } catch (error) {
      return { error };
    }
  }
}

function wishesOf(launch: Launch, line: readonly Waiting[]): readonly Waiting[] {
  return line.filter((wish) => launch.members.includes(wish.request.uuid));
}

function recordOf(launch: Launch, attempt: number): Write {
  return {
    write: 'record-launch',
    token: launch.token,
    members: launch.members,
    attempt,
    offering: launch.offering as unknown as JsonObject,
    parameters: launch.parameters,
  };
}

function outcomeFor(
  wish: LaunchWish,
  launch: Launch,
  called: ReadonlyMap<string, ProviderInstance> | { readonly error: unknown },
): LaunchOutcome {
  if ('error' in called) return { launch, error: called.error };
  const machine = called.get(wish.request.uuid);
  if (machine !== undefined) return { launch, machine };
  return withoutRoom(launch);
}

/** A member missing in the answer had no room, and has none in any later answer to that launch. */
export function withoutRoom(launch: Launch): LaunchOutcome {
  return { launch, error: new ProviderError('capacity', 'There was room for some, but not for this instance.'), isPartial: true };
}
