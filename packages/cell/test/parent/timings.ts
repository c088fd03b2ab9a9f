/** nova-api of Rocky imports for 5 to 10 s on an idle core; four times that under load. */
export const API_ANSWERS_MS = 120_000;

/** From the start of a child until the parent has its capacities: one pulse and one broker round trip, with slow imports in the real child. */
export const CHILD_HEARD_MS = 90_000;

/** How long a verb may take to its rest before the table says it never did. A real child needs up to 4 s. */
export const VERB_RESTS_MS = 40_000;

/** A refused verb changes nothing: only look where the server stands. */
export const REFUSED_RESTS_MS = 2_000;

/** The parent stores updates in threads: a rest counts only when it is still the rest this much later. */
export const REST_HOLDS_MS = 500;

/** The CLI gives up long after the parent's own call_timeout (60 s), so that the parent's answer is seen. */
export const CLI_MS = 150_000;

/** As CLI_MS, for the same calls made over REST. */
export const REST_MS = 120_000;

/** How often a condition is looked at again; each look is a request to a nova-api with one worker. */
export const LOOK_AGAIN_MS = 200;

/** Between SIGTERM and SIGKILL: nova's services close their consumers within a second or two. */
export const TERM_GRACE_MS = 5_000;

/** A client's patience with management API and package index before another way is tried. */
export const PROBE_MS = 3_000;

/** An install of another process holds the lock for minutes; longer than this it hangs. */
export const INSTALL_LOCK_MS = 30 * 60_000;

/** nova's migrations: some 400 steps, 20 s on an idle core. */
export const MIGRATE_MS = 10 * 60_000;

/** Any other nova-manage command: 3 s of imports, then one statement. */
export const MANAGE_MS = 120_000;

/** After a reset-state that is to repair what a verb broke: one update up. */
export const SET_RIGHT_MS = 5_000;

/** Servers of a run are deleted at its end, and the cloud then has to be empty: a sweep may have to settle a lost one. */
export const ALL_GONE_MS = 60_000;

/** A sweep of the child corrects what an update lost; parent and cloud must agree by then. */
export const AGREE_MS = 20_000;

/** Servers without a task, elsewhere than wanted: the child has said its last word, which comes twice at most some seconds apart. */
export const IDLE_MS = 8_000;

/** How long the simulator's machines take: a fraction of what people bear, and longer than one look at the parent. */
export const SIMULATED = { bootMs: 500, stopMs: 300, changeMs: 300, snapshotMs: 300 };
