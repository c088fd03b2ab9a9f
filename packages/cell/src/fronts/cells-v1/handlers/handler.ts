import type { Store, Write } from '@burstcell/store';
import type { Dialect, InterCellMessage, JsonObject, JsonValue, MessageType, RemoteError } from '@burstcell/wire';
import type { Hosts } from '../../../hosts.js';
import type { Intent, Origin } from '../../../intent.js';
import type { Log } from '../../../log.js';
import type { AskProvider } from '../../../operations/ask-provider.js';
import type { Secrets } from '../../../secrets.js';

/** What handlers work with. */
export interface HandlerTools {
  readonly store: Store;
  readonly hosts: Hosts;
  readonly dialect: Dialect;
  readonly log: Log;
  readonly now: () => Date;
  readonly ask: AskProvider;
  readonly secrets: Secrets;
  /** Whether the provider guards machines of locked instances. */
  readonly protects: boolean;
  readonly pulse: { soon(): void; capabilities(): void; capacities(): void };
}

/** A message that is for us, its arguments judged against the release's table. */
export interface Incoming {
  /** Our own name already in its path. */
  readonly message: InterCellMessage;
  readonly args: JsonObject;
  readonly origin: Origin;
}

/**
 * - `answer`, `failure`: for who waits; without effect here, so it is acked once said.
 * - `submit`: rows and operations, recorded with the message before it is acked; `instead` of all of it, what is recorded
 *   when the database refuses a value of it, given the reason. Without that nobody would end what the parent waits for.
 * - `nothing`: done already, or nothing to do.
 */
export type Outcome =
  | { readonly answer: JsonValue }
  | { readonly failure: RemoteError }
  | { readonly submit: Submit }
  | 'nothing';

export interface Submit {
  readonly intents: readonly Intent[];
  readonly writes?: readonly Write[];
  readonly instead?: (reason: string) => readonly Write[];
}

/** One method of the protocol: the row that `handlers/index.ts` lists. */
export interface Handler {
  readonly method: string;
  readonly types: readonly MessageType[];
  handle(incoming: Incoming, tools: HandlerTools): Promise<Outcome> | Outcome;
}
