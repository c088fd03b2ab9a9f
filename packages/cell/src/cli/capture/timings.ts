/** A broker that answers does so in well under a second; a refused log-in takes RabbitMQ a few. */
export const LISTEN_TIMEOUT_MS = 10_000;
/** Copies held for us at most: a listener that stalls must never fill a broker. The oldest go first. */
export const HELD_BYTES = 64 * 1024 * 1024;
/** A queue that is left behind (the process was killed) is gone after this. */
export const QUEUE_EXPIRES_MS = 60_000;
/** Copies on their way to us: enough to keep up with a busy parent. */
export const LISTEN_PREFETCH = 500;
/** A line of progress this often: seldom enough to be read, often enough to see that something comes. */
export const PROGRESS_MS = 5_000;
/** A running cell answers an `announce_capabilities` at once; one that is just starting needs some seconds. */
export const AWAKE_TIMEOUT_MS = 20_000;
/** The same question is asked anew after this: the first may have come before the cell declared its queues. */
export const AWAKE_RETRY_MS = 1_000;
/** How long the broker may take to confirm a message. */
export const SEND_TIMEOUT_MS = 10_000;
