/** Every duration of the test tools, with its reason. */

/** A cold start with migrations on a busy two-core machine takes a few seconds. */
export const START_MS = 30_000;

/** The cell itself gives what it has begun 10 s at a stop. */
export const STOP_MS = 15_000;

/** Output kept of a child process, to be shown when it fails. */
export const KEPT_LINES = 400;

/** RabbitMQ drops the fanout queue of a killed process after this. */
export const TRANSIENT_TTL_S = 60;

/** The live view is drawn this often: quick enough to see things move, slow enough to read. */
export const DRAW_MS = 250;

/** Plain output says a line at most this often while nothing but numbers change. */
export const PLAIN_MS = 2_000;
