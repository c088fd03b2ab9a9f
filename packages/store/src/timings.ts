/** Units committed in one transaction. More gains little (the commit is shared already) and makes the last one wait. */
export const MAX_BATCH_UNITS = 200;

/** Transactions under way at once: while one waits for the disk, the next one works. A third only adds lock waits. */
export const MAX_TRANSACTIONS = 2;

/** With one transaction under way, so many units must wait before a second one is opened: small batches waste commits. */
export const SECOND_TRANSACTION_UNITS = 24;

/** Times a batch is run again after a deadlock or a serialization failure with another replica. */
export const CONTENTION_RETRIES = 6;

/** Wait before such a repetition, in ms, times a random number up to the try's number. */
export const CONTENTION_BACKOFF_MS = 10;

/** Connections for reading and claiming; the committer has {@link MAX_TRANSACTIONS} of its own and the listener one. */
export const DEFAULT_POOL_SIZE = 6;

/** A database that has not let us in after this is away. */
export const CONNECT_TIMEOUT_MS = 10_000;

/** No statement of ours takes long; one that does waits for a lock or for a disk that hangs. */
export const STATEMENT_TIMEOUT_MS = 60_000;

/** Said nothing for so long after the server should have ended the statement: the other end of the connection is gone. */
export const ANSWER_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 5_000;

/** An idle connection is asked for a sign of life after this, so that a listener notices a server that vanished. */
export const KEEP_ALIVE_MS = 10_000;

/** A migration may rebuild a large table. */
export const MIGRATION_TIMEOUT_MS = 3_600_000;

/** First wait before the listener connects again, in ms; doubled up to the longest. */
export const LISTEN_BACKOFF_MS = 200;
export const LISTEN_BACKOFF_LONGEST_MS = 10_000;

/** Entries looked at to find the next due time: enough to get past all that is leased at present. */
export const NEXT_DUE_SCAN = 1_000;

/** Uuids of the inbox: a parent repeats within minutes of a reconnect; a day covers a broker that was set aside. */
export const KEEP_SEEN_MESSAGES_MS = 24 * 3_600_000;

/** Finished operations answer "was this asked before?" after the inbox has forgotten, and help to read an accident. */
export const KEEP_FINISHED_OPERATIONS_MS = 2 * 24 * 3_600_000;

/** Rejected messages wait for an operator who comes back from the weekend. */
export const KEEP_REJECTED_MESSAGES_MS = 7 * 24 * 3_600_000;

/** Launches and machines of deleted instances: longer than any provider remembers a launch token or shows a dead machine. */
export const KEEP_DELETED_INSTANCE_WORK_MS = 3 * 24 * 3_600_000;

/** A refusal that has ended says nothing more; the rest is for clocks that differ. */
export const KEEP_ENDED_REFUSALS_MS = 3_600_000;

/** After an instance was said to be gone, nothing else is said about it for this long. */
export const KEEP_GONE_MS = 24 * 3_600_000;

/** Rows removed by one statement of a purge, so that it never holds locks for long. */
export const PURGE_ROWS = 5_000;

/** Flavors remembered in the process, so that a flavor seen in every build is written once. */
export const KNOWN_FLAVORS = 2_000;

/** An expired console token is of use to nobody. */
export const KEEP_EXPIRED_CONSOLE_TOKENS_MS = 0;
