/** A lifecycle step takes this long unless told otherwise: long enough to be seen, short enough for tests. */
export const DEFAULT_STEP_MS = 20;

/** AWS shows terminated instances "usually less than an hour" (Amazon EC2: Instance lifecycle). */
export const TERMINATED_VISIBLE_MS = 3_600_000;

/** How many calls the log keeps; counts go on for ever. */
export const CALL_LOG_SIZE = 10_000;

/** A held-open connection outlives the SDK's idle sockets, so that a reused socket is never one just closed. */
export const HTTP_KEEP_ALIVE_MS = 65_000;

/** A request body above this is no EC2 call: user data is 16 KiB, ids come by the thousand. */
export const MAX_REQUEST_CHARS = 4 * 1024 * 1024;

/** Calls a proxy has under way at the endpoint at once: moto is one Python core, more would only queue there. */
export const PROXY_SOCKETS = 16;

/** From start to moto's first answer: Python imports a few hundred modules, slower on a busy machine. */
export const MOTO_START_MS = 90_000;

/** An installation takes half a minute; one that takes this long has lost its network. */
export const MOTO_INSTALL_MS = 600_000;

/** After SIGTERM, before SIGKILL. */
export const STOP_GRACE_MS = 3_000;

/** SQS's default visibility timeout. */
export const EVENT_VISIBILITY_MS = 30_000;

/** Events that a queue keeps while nobody takes them: ten thousand instances' whole lives. */
export const EVENT_QUEUE_SIZE = 100_000;
