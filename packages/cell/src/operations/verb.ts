import type { Provider, ProviderAbility } from '@burstcell/provider';
import type { InstanceView, Json, JsonObject, OperationRow, ProviderInstanceRow, Store, Write } from '@burstcell/store';
import type { Hosts } from '../hosts.js';
import type { ImageService } from '../images/image-service.js';
import type { Origin } from '../intent.js';
import type { Log } from '../log.js';
import type { ParentLink } from '../parent-link.js';
import type { Secrets } from '../secrets.js';
import type { SecurityGroupService } from '../security-groups.js';
import type { VmState } from '../states.js';
import type { Volumes } from '../volumes.js';
import type { Failure } from './failure.js';
import type { Launcher } from './launcher.js';

/** What a verb works with. Shared by all operations of the process. */
export interface Tools {
  readonly store: Store;
  readonly provider: Provider;
  readonly parent: ParentLink;
  readonly log: Log;
  readonly now: () => Date;
  readonly hosts: Hosts;
  readonly secrets: Secrets;
  readonly volumes: Volumes;
  /** Null: none is configured. */
  readonly images: ImageService | null;
  /** Null: none is followed. */
  readonly securityGroups: SecurityGroupService | null;
  readonly launcher: Launcher;
  /** `[burst] observe_only`: nothing new is changed at the provider. */
  readonly observeOnly: boolean;
  /** How long a deferred delete can be taken back, in ms; 0 = deletes are at once. */
  readonly reclaimMs: number;
  /** How long an operation waits for the import of its image; that does not count as its own time. */
  readonly importDeadlineMs: number;
  /** How long an early report may wait to be overtaken by the last one, in ms. */
  readonly earlyReportMs: number;
  /** Capacity has changed for the worse: say so soon. */
  readonly capacityChanged: () => void;
}

/** One operation in hand. */
export interface OperationContext extends Tools {
  readonly operation: OperationRow;
  readonly origin: Origin;
  readonly instance: InstanceView;
  /** Aborts when the process stops or the lease is lost: the operation then goes on elsewhere. */
  readonly signal: AbortSignal;
  /** What is known of its machine; null: none was started, as far as the rows know. */
  machine(): Promise<ProviderInstanceRow | null>;
  /**
   * Records, as long as the operation is ours. Rejects with {@link NotOurs} when it is not: then
   * nothing was recorded and nothing more may be done.
   */
  record(writes: readonly Write[]): Promise<void>;
}

/** Where a run left off. */
export type Step = Done | Wait;

export interface Done {
  readonly step: 'done';
  /** What changes with the verb's end; the task state is cleared without being named. */
  readonly writes: readonly Write[];
  /** For the one who waits for an answer; null by default. */
  readonly answer?: Json;
  /** Nothing is said to the parent (it needs no update for this verb). */
  readonly silent?: boolean;
  /** What is to be read in the action's event, though all went well. */
  readonly note?: string;
}

/** To be called again: at `delayMs` at the latest, or when the machine's state changes. */
export interface Wait {
  readonly step: 'wait';
  readonly at: string;
  /** Goes over what was noted before, key by key. */
  readonly memo?: JsonObject;
  readonly delayMs: number;
  readonly writes?: readonly Write[];
  /** In place of the operation's own. */
  readonly deadline?: Date;
}

/** A verb: one row of the table in `verbs.ts`. */
export interface Verb {
  readonly name: string;
  /** nova's name of the action users see in `nova instance-action-list`; null: none is recorded. */
  readonly action: string | null;
  /** Set on our row while the verb runs; null: none. */
  readonly taskState: string | null;
  /** Where our row must stand for the verb to begin. */
  readonly from: readonly VmState[] | 'any';
  /** Which of the configured deadlines holds for it. */
  readonly deadline: 'build' | 'verb';
  /** Ends what else the instance is doing: all but these verbs, or only these. */
  readonly cancels?: { readonly except: readonly string[] } | { readonly only: readonly string[] };
  /** vm_state after a failure that came once it had begun; absent: as it was. */
  readonly failsTo?: VmState;
  /** Recorded steps at which nothing has been changed at the provider yet: a failure there leaves the state as it was. */
  readonly untouchedAt?: readonly (string | null)[];
  /** Abilities of the provider without which it is refused. */
  readonly needs?: readonly ProviderAbility[];
  /** Ends the machine, or the disk it has, while the instance lives on: refused for adopted machines that are protected. */
  readonly destroys?: true;
  /** Starts a machine; others have nothing to change where there is none. */
  readonly launches?: true;
  /** Changes nothing at the provider: done in a cell that only observes, too. */
  readonly isPassive?: true;
  /** It only ever refuses: there is no ability behind it yet. */
  readonly isRefusal?: true;
  /** True when it also works on instances already deleted here. */
  readonly onDeleted?: boolean;
  /**
   * Takes the operation as far as it goes. Called again from the top after a crash or a wait:
   * it looks at `operation.step` and `operation.memo` to know where it is, and every effect
   * outside follows the record of its intent. Throws a {@link Failure} or a ProviderError to fail.
   */
  run(context: OperationContext): Promise<Step>;
  /** What else is recorded with a failure or refusal, e.g. an operation that clears away what was started. */
  afterFailure?(context: OperationContext, failure: Failure): readonly Write[];
  /** What is recorded with every end but a good one: also when it was refused before it began, or a delete overtook it. */
  clearsAway?(context: OperationContext): readonly Write[];
}

export function done(writes: readonly Write[], more: Pick<Done, 'answer' | 'silent' | 'note'> = {}): Done {
  return { step: 'done', writes, ...more };
}

/** The operation is somebody else's now, or has been ended. */
export class NotOurs extends Error {
  override readonly name = 'NotOurs';
}
