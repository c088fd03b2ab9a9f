/** Durations and sizes of the cells v1 front alone, each with its reason. */

/**
 * A task state that the parent set for a verb it cannot send (Grizzly's live-migration) is lifted after this: long enough
 * for the verb to come after its side message, short enough for a user who waits.
 */
export const LIFT_TASK_STATE_MS = 10_000;

/** Messages of the parent that are looked at for its release; later one in so many: it may be upgraded under us. */
export const LOOK_AT_FIRST = 20;
export const LOOK_AT_EVERY = 200;
/** So many messages in a row must contradict what is believed of the parent's release before it is believed no more. */
export const CONTRADICTIONS = 3;
/** With `parent_release = auto`: a parent that does not answer, for it is down, is asked again after this. */
export const ASK_RELEASE_EVERY_MS = 15_000;

/**
 * Share of its own `call_timeout` that a cell in the middle waits for those behind it; each further one waits that share of
 * the share, so that the answer of the last still finds the first one waiting.
 */
export const GATHER_SHARE = 0.8;
/**
 * Messages that may wait for one neighbour's broker; each holds a delivery of ours, of which there are `prefetch` (200): a
 * neighbour that is away must not hold up everybody.
 */
export const HELD_PER_NEIGHBOUR = 50;
