import type { Store } from '@burstcell/store';
import type { Capacities } from './capacity/capacities.js';
import type { Hosts } from './hosts.js';
import type { Log } from './log.js';
import type { IntakeCounts } from './metrics.js';
import type { AskProvider } from './operations/ask-provider.js';
import type { Deadlines } from './operations/submit.js';
import type { Verb } from './operations/verb.js';
import type { ParentLink } from './parent-link.js';
import type { Secrets } from './secrets.js';

/** What the core gives a front to work with. */
export interface FrontParts {
  readonly store: Store;
  readonly hosts: Hosts;
  readonly capacities: Capacities;
  readonly verbs: ReadonlyMap<string, Verb>;
  readonly deadlines: Deadlines;
  readonly counts: IntakeCounts;
  readonly ask: AskProvider;
  readonly secrets: Secrets;
  /** Whether the provider guards machines of locked instances. */
  readonly protects: boolean;
  /** Names this replica in leases. */
  readonly holder: string;
  readonly log: Log;
  readonly now: () => Date;
}

/** A way in which somebody above owns this cell: it turns what arrives into intents, and reports into its own messages. */
export interface Front {
  readonly link: ParentLink;
  /** There is less room than was said last. */
  capacityChanged(): void;
  /** Resolves when messages are taken. */
  start(): Promise<void>;
  /** Takes nothing more; reports can still be said. */
  stopListening(): Promise<void>;
  close(): Promise<void>;
}
