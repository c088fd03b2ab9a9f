import type { Json, JsonObject } from './json.js';
import type { Adopted, InstanceColumns, NewBlockDevice } from './rows.js';

/** One change to the database, as data. Each kind has a file in `writes/` that applies many of them in one statement. */
export type Write =
  | InsertInstance
  | PatchInstance
  | { readonly write: 'set-network-info'; readonly uuid: string; readonly networkInfo: readonly Json[] }
  /** Sets these keys; `replace` removes all others. */
  | {
      readonly write: 'set-metadata';
      readonly uuid: string;
      readonly values: Readonly<Record<string, string>>;
      readonly replace: boolean;
    }
  | { readonly write: 'delete-metadata'; readonly uuid: string; readonly keys: readonly string[] }
  | {
      readonly write: 'set-system-metadata';
      readonly uuid: string;
      readonly values: Readonly<Record<string, string | null>>;
      readonly replace: boolean;
    }
  /** Stores flavor (and, while resized, old and new flavor) as the parent's objects carry them. */
  | {
      readonly write: 'set-flavors';
      readonly uuid: string;
      readonly flavor: JsonObject;
      readonly oldFlavor: JsonObject | null;
      readonly newFlavor: JsonObject | null;
    }
  /** Soft delete as nova does it: `deleted` = id, with metadata, info cache and block devices; vm_state `deleted`, no task. */
  | { readonly write: 'delete-instance'; readonly uuid: string; readonly at: Date }
  /**
   * Attached or changed: the row of the same volume is updated, else that of the same device name, else one is inserted.
   * Nothing happens to an instance that is deleted.
   */
  | { readonly write: 'set-block-device'; readonly uuid: string; readonly device: NewBlockDevice }
  /** Soft delete of the volume's row; an unknown volume is no error. */
  | { readonly write: 'delete-block-device'; readonly uuid: string; readonly volumeId: string }
  | RecordMigration
  /** `uuid` is the migration's; an unknown one is no error. */
  | { readonly write: 'set-migration-status'; readonly uuid: string; readonly status: string }
  | AddFault
  | StartAction
  /** Finishes the newest unfinished action of that name and request; `message` is `Error` where it failed, as in nova. */
  | {
      readonly write: 'finish-action';
      readonly uuid: string;
      readonly action: string;
      readonly requestId: string;
      readonly message: string | null;
    }
  | AddActionEvent
  | EnqueueOperation
  /** Keeps what the operation knows (`memo` goes over what was noted before, key by key), and, with `runAt`, lets it go until then. `fence` stays as it is while `runAt` is absent. `deadline` takes the place of the one it has. */
  | {
      readonly write: 'save-operation';
      readonly id: string;
      readonly step?: string;
      readonly memo?: JsonObject;
      readonly attempt?: number;
      readonly runAt?: Date;
      readonly deadline?: Date;
    }
  | {
      readonly write: 'finish-operation';
      readonly id: string;
      readonly outcome: 'done' | 'refused' | 'failed' | 'cancelled';
      readonly reason?: string;
    }
  /** Tells every unfinished operation of the instance (but those of `exceptVerbs`) to end, and wakes it now. */
  | { readonly write: 'cancel-operations'; readonly uuid: string; readonly exceptVerbs: readonly string[] }
  /** Makes the waiting operations of the instance due now. */
  | { readonly write: 'wake-operations'; readonly uuid: string }
  | RecordLaunch
  | {
      readonly write: 'settle-launch';
      readonly token: string;
      readonly outcome: 'launched' | 'refused' | 'abandoned';
      readonly reason?: string;
    }
  | SetProviderInstance
  | ObserveProviderInstance
  /** The machine is to be looked at now; nothing happens when it is no longer the instance's. */
  | { readonly write: 'look-soon'; readonly uuid: string; readonly providerId: string }
  | RecordImage
  /** Soft delete; an unknown image is no error. */
  | { readonly write: 'forget-image'; readonly imageId: string }
  | SetBandwidth
  | AddTaskLog
  | Report
  | Message
  /** Keeps the flavor with the parent's `id`, so that a later resize by `flavorid` is understood and capacity knows the sizes in use. */
  | { readonly write: 'remember-flavor'; readonly flavor: JsonObject }
  | Reject;

/** Inserts the instance and its children unless its uuid is known (then nothing happens). */
export interface InsertInstance {
  readonly write: 'insert-instance';
  readonly uuid: string;
  readonly columns: InstanceColumns;
  readonly metadata: Readonly<Record<string, string>>;
  readonly systemMetadata: Readonly<Record<string, string | null>>;
  readonly flavor: JsonObject;
  readonly blockDevices: readonly NewBlockDevice[];
  readonly networkInfo: readonly Json[];
}

/** Sets these columns of a row that is not deleted; an unknown uuid is no error. */
export interface PatchInstance {
  readonly write: 'patch-instance';
  readonly uuid: string;
  readonly set: InstanceColumns;
}

/** A row of nova's `migrations`, live until its instance is deleted. The same uuid again changes nothing but the status. */
export interface RecordMigration {
  readonly write: 'record-migration';
  /** The migration's own. */
  readonly uuid: string;
  readonly instanceUuid: string;
  readonly type: 'migration' | 'resize';
  readonly status: string;
  /** Compute host and node at once: a host of ours has one node, of the same name. */
  readonly sourceHost: string | null;
  readonly destHost: string | null;
  /** Ids of the parent's. */
  readonly oldFlavorId: number | null;
  readonly newFlavorId: number | null;
}

export interface AddFault {
  readonly write: 'add-fault';
  readonly uuid: string;
  /** Never 500: nova would hide `details` from users. */
  readonly code: number;
  /** Cut to 255 characters here. */
  readonly message: string;
  readonly details: string;
  readonly host: string | null;
}

export interface StartAction {
  readonly write: 'start-action';
  readonly uuid: string;
  readonly action: string;
  readonly requestId: string;
  readonly userId: string | null;
  readonly projectId: string | null;
  readonly at: Date;
}

/** An event of the newest action of that request. */
export interface AddActionEvent {
  readonly write: 'add-action-event';
  readonly uuid: string;
  readonly requestId: string;
  readonly event: string;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  /** `Success` or `Error`. */
  readonly result: string | null;
  readonly details: string | null;
  readonly host: string | null;
}

export interface EnqueueOperation {
  readonly write: 'enqueue-operation';
  readonly instanceUuid: string;
  readonly verb: string;
  readonly parameters: JsonObject;
  /** Uuid of the message or of whatever else asked for it; with the verb and instance it is unique among operations. */
  readonly cause: string;
  /** Who asked and whom to answer; opaque to the store. */
  readonly origin: JsonObject;
  readonly deadline: Date;
  readonly runAt?: Date;
}

/** A frozen launch, recorded before the call. The same token again changes nothing. */
export interface RecordLaunch {
  readonly write: 'record-launch';
  readonly token: string;
  readonly members: readonly string[];
  readonly attempt: number;
  readonly offering: JsonObject;
  readonly parameters: JsonObject;
}

/** What is known of the machine behind an instance; replaces what was known. */
export interface SetProviderInstance {
  readonly write: 'set-provider-instance';
  readonly uuid: string;
  readonly providerId: string;
  readonly launchToken: string | null;
  readonly zone: string;
  readonly state: string;
  readonly observed: JsonObject;
  readonly observedAt: Date;
  /** When the watcher shall look again; null: nothing is awaited. */
  readonly nextLookAt: Date | null;
  /** It was taken in, not launched. Absent: as it was while the machine is the same, else launched. */
  readonly adopted?: Adopted | null;
}

/**
 * What a look at a machine came to: replaces what was known only while that is still what the look began with. A machine
 * that an operation has replaced, or ordered something of, since then is not overwritten by what was true before.
 */
export interface ObserveProviderInstance extends Omit<SetProviderInstance, 'write' | 'adopted'> {
  readonly write: 'observe-provider-instance';
  /** What the row said when the look began. */
  readonly before: { readonly state: string; readonly nextLookAt: Date | null };
}

/**
 * Which of the provider's images stands for an image of the parent's. The same image again changes the provider's id only;
 * it stays when its instance is deleted.
 */
export interface RecordImage {
  readonly write: 'record-image';
  /** Glance's. */
  readonly imageId: string;
  readonly instanceUuid: string;
  readonly providerImageId: string;
  readonly name: string;
  readonly kind: 'snapshot' | 'backup' | 'shelve';
  /** Of a backup: `daily`, `weekly`, or whatever the user called the rotation. */
  readonly backupType: string | null;
}

/** Traffic of one interface since the period began. It replaces what was read before; an older reading changes nothing. */
export interface SetBandwidth {
  readonly write: 'set-bandwidth';
  readonly uuid: string;
  readonly mac: string;
  readonly startPeriod: Date;
  /** Whole numbers up to 2^53, as the counters. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Where the provider's counters stood. */
  readonly lastCounterIn: number;
  readonly lastCounterOut: number;
  readonly at: Date;
}

/**
 * How far a periodic task is with a period, for nova's `task_log`: once when it begins (`RUNNING`) and once when it ends
 * (`DONE`), one row for each task, host and period.
 */
export interface AddTaskLog {
  readonly write: 'add-task-log';
  readonly taskName: string;
  readonly host: string;
  readonly state: string;
  readonly begin: Date;
  readonly end: Date;
  /** Cut to 255 characters here. */
  readonly message: string;
  readonly items: number;
  readonly errors: number;
}

/**
 * The parent is to be told how the instance is. One such entry an instance: an unsent older one is
 * replaced, and what is sent is read from the rows when it is sent.
 */
export interface Report {
  readonly write: 'report';
  readonly uuid: string;
  /** `gone`: the instance exists no more; nothing else is said after it. */
  readonly what: 'state' | 'gone';
  /** How long it may wait for something newer, in ms; 0 = now. */
  readonly delayMs: number;
  /** Kept with the entry for the front (request context, names to send, …); merged over what an unsent entry had. */
  readonly hints?: JsonObject;
}

/** Something said once, in a form of its own: a fault, a block device, an answer to a call. Delivered at least once. */
export interface Message {
  readonly write: 'message';
  readonly uuid: string | null;
  readonly kind: string;
  readonly payload: JsonObject;
}

/** A delivery that could not be understood or was not for us. */
export interface Reject {
  readonly write: 'reject';
  readonly reason: string;
  readonly detail: string;
  readonly method: string | null;
  readonly messageUuid: string | null;
  readonly routingKey: string;
  /** As received, cut; credentials must have been taken out. */
  readonly body: string;
  readonly bodyBytes: number;
}
