import type { ReplyForm } from '../rpc/reply-form.js';
import type { Release } from './release.js';

/** An update whose new value is `value` is refused by the parent unless its current value is in `from`. */
export interface Guard {
  readonly column: 'vm_state' | 'task_state';
  readonly value: string;
  readonly from: readonly (string | null)[];
}

/** How a server that exists only in the child is made known at the top. */
export type Adoption = 'dict' | 'impossible' | 'objects';

/** Everything that differs between the releases of a parent. Data only: code asks a dialect, never for a release. */
export interface Dialect {
  readonly release: Release;
  /** `2013.1`, `18`. */
  readonly series: string;

  /** RPC layer. */
  readonly envelope: 'bare' | '2.0';
  /** Havana writes `"namespace": null`. */
  readonly namespaceNull: boolean;
  readonly contextKeys: readonly string[];
  readonly replyForm: ReplyForm;
  /** Icehouse on: the third queue `topic.host`. */
  readonly serverQueue: boolean;
  /** Mitaka on: fanout queues expire instead of being auto-delete. */
  readonly fanoutQueueExpires: boolean;

  /** Down. */
  readonly buildMethod: 'schedule_run_instance' | 'build_instances';
  /** What `build_inst_kwargs.instances` holds; Grizzly's request spec counts as dict. */
  readonly buildInstances: 'dict' | 'object';
  /** Where the parent looks for objects in arguments. */
  readonly objectsInArguments: 'none' | 'shallow' | 'deep';
  /** Version of the Instance objects a parent of this release sends; null in Grizzly. */
  readonly instanceVersion: string | null;
  /** Who numbers the servers of one request: the parent already has, or the child must and report it. */
  readonly multiCreateNames: 'parent' | 'child';

  /** Up. */
  readonly instancePayload: 'dict' | 'object';
  /** Where a flavor can be reported: keys in system_metadata, the objects of an Instance, or nowhere (Kilo). */
  readonly flavorCarrier: 'system_metadata' | 'object' | 'none';
  readonly adoption: Adoption;
  /** An adopted server needs a row of ours in the API database's instance_mappings: its delete answers 500 without (Newton on; fatal in Rocky). */
  readonly adoptionNeedsMapping: boolean;
  /** Juno on: faults and block devices are stored through objects, which know their fields and no others. */
  readonly rowsBecomeObjects: boolean;
  readonly bdmAtTop: boolean;
  /** Whether a real child reports its block devices' end with a delete (Havana to Pike). */
  readonly bdmDestroyOnDelete: boolean;
  readonly keypairAtTop: boolean;
  /** An active server without launched_at cannot be stopped (Havana on). */
  readonly needsLaunchedAt: boolean;
  readonly guards: readonly Guard[];

  /** Answers. */
  readonly objectsInAnswers: boolean;
  /** Havana's parent fails on any service list but an empty one. */
  readonly serviceList: 'rows' | 'empty';
  /** Kilo to Mitaka fail on any migration list but an empty one. */
  readonly migrationList: 'absent' | 'rows' | 'empty-object' | 'object';

  /** The parent's API database holds a build request that only the child removes (Newton on). */
  readonly tidiesApiDatabase: boolean;
}
