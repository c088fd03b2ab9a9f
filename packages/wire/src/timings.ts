/** Every duration, size and count of this package, with its reason. */

/** oslo.messaging's own default; a larger body is not an RPC message but an accident or an attack. */
export const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** nova's deepest real message nests about 20 levels; Python's own reader stops at 1,000. */
export const MAX_JSON_DEPTH = 200;

/** oslo.messaging's heartbeat_timeout_threshold from Liberty on. */
export const HEARTBEAT_SECONDS = 60;

/** First pause after a lost connection: short, since a restarted broker is back within a second or two. */
export const RECONNECT_FIRST_MS = 250;

/** Longest pause between two attempts; a broker that has been away for an hour is noticed within this. */
export const RECONNECT_MAX_MS = 15_000;

/** A host that takes the TCP connection and then says nothing must not hold up the next host. */
export const CONNECT_TIMEOUT_MS = 10_000;

/** An exchange with the wrong flags is mended by a person: asking more often than this helps nobody. */
export const MISMATCH_RETRY_MS = 30_000;

/** Unconfirmed messages per publisher: enough to fill the line, few enough to resend after a lost one. */
export const MAX_IN_FLIGHT = 512;

/** What a turn of the event loop may hand to the socket before it is told to wait: a round of the outbox is half of it. */
export const SOCKET_BUFFER_BYTES = 1024 * 1024;

/** How long `close` waits for confirms that are still due. */
export const DRAIN_MS = 5_000;

/** How often `close` looks whether the confirms have come. */
export const DRAIN_POLL_MS = 20;

/** nova's rpc_response_timeout default. */
export const CALL_TIMEOUT_MS = 60_000;

/** oslo.messaging waits as long for a caller's reply exchange to appear. */
export const REPLY_EXCHANGE_WAIT_MS = 60_000;

/** Pause between two looks for a caller's reply exchange; oslo.messaging's is a quarter of a second too. */
export const REPLY_EXCHANGE_POLL_MS = 250;

/** Answers are taken in at once, so the queue is never long. */
export const REPLY_PREFETCH = 100;

/** Default rabbit_transient_queues_ttl of oslo.messaging. */
export const TRANSIENT_QUEUE_TTL_MS = 1_800_000;

/** oslo.messaging remembers this many `_unique_id`s per consumer (amqp.py `_MsgIdCache`). */
export const REMEMBERED_MESSAGE_IDS = 16;

/** Column width of instance_faults.message: PostgreSQL raises beyond it where MySQL cuts. */
export const FAULT_MESSAGE_MAX_CHARS = 255;

/** A fault's details are for reading: more than this is a log, which belongs elsewhere. */
export const FAULT_DETAILS_MAX_CHARS = 16_000;
