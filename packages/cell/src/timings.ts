/** Every duration, batch size and retry count of the cell that is not an operator's option, with its reason. */

/** A worker that dies is replaced after this; long enough that a paused process (GC, a slow commit) keeps its work. */
export const OPERATION_LEASE_MS = 20_000;
/** Leases are lengthened three times within their life, so that one lost renewal costs nothing. */
export const OPERATION_RENEW_MS = OPERATION_LEASE_MS / 3;
/** An operation that could not be gone on with (the database refused a statement, say) waits this long for the next worker. */
export const LET_GO_MS = 1_000;
/** Operations taken in one claim: one statement's worth, small enough that replicas share a burst. */
export const CLAIM_LIMIT = 64;
/** Builds that may wait for the provider's launch limit beside the operations in hand: their leases must be lengthened in one statement. */
export const MAX_WAITING_BUILDS = 2_000;
/** How long a worker sleeps when it was not woken: the net below LISTEN/NOTIFY. */
export const IDLE_POLL_MS = 2_000;
/** First and longest pause after the provider said `unavailable` or `throttled`, or after a fault of ours. */
export const RETRY_FIRST_MS = 500;
export const RETRY_MAX_MS = 15_000;
/** A waiting operation looks for itself this often, should the watcher's wake-up be lost. */
export const WAIT_SAFETY_MS = 15_000;
/** A machine in transition takes the next order after about this long. */
export const TRANSITION_RETRY_MS = 1_000;
/** Pause between two steps of a change that takes the vendor several. */
export const CONVERGE_MS = 2_000;
/** Conflicts in a row after which a machine is not in transition but in the way: some 20 s. */
export const MAX_CONFLICTS = 10;
/** First look at a machine that changes its state, and the longest pause between looks (EC2 takes seconds to a minute). */
export const LOOK_FIRST_MS = 300;
export const LOOK_MAX_MS = 5_000;
export const LOOK_GROWTH = 1.6;
/** Machines described by one pass of the watcher: a few provider requests. */
export const LOOK_LIMIT = 500;
/** Pause after events were taken: those of a burst are recorded together, and a look follows within a second all the same. */
export const EVENTS_PAUSE_MS = 100;
/** The same after none came, for providers that do not wait for the first. */
export const EVENTS_IDLE_MS = 1_000;
/** Longest pause after events could not be taken: the sweeps do their work meanwhile. */
export const EVENTS_RETRY_MAX_MS = 60_000;
/** "Not found" about a machine younger than this means nothing (AWS: reads lag behind launches by up to minutes). */
export const NOT_FOUND_GRACE_MS = 5 * 60_000;
/** Builds that come within this of each other share a launch where the provider limits launches; a user does not notice it. */
export const GATHER_MS = 30;
/** Offerings tried for one instance before it fails: each refusal costs one provider call. */
export const MAX_LAUNCH_ATTEMPTS = 12;

/** Between the messages of an adoption: a parent stores in threads, and each must find what the one before it stored. */
export const ADOPTION_GAP_MS = 2_000;
/** An adoption is recorded by a command; the cell that carries it out may be started a day later. */
export const ADOPTION_DEADLINE_MS = 24 * 3_600_000;

/** Rows compared at a time by a sweep. */
export const SWEEP_PAGE = 500;
/** Complete sweeps that must miss a machine before it counts as gone. */
export const MISSED_SWEEPS = 2;
/** An observation that could not be recorded in this time is made anew by a later sweep. */
export const OBSERVE_DEADLINE_MS = 10 * 60_000;
/** A machine without a row is believed to be a stray only after this: longer than any build takes, deadlines included. */
export const STRAY_GRACE_MS = 30 * 60_000;
export const STRAY_SWEEPS = 3;
/** From stopped to ended: a working day for somebody to say "that one is mine". */
export const STRAY_QUARANTINE_MS = 24 * 3_600_000;
/** No sweep touches more than this many, nor acts at all when more than this share of all machines look stray. */
export const STRAY_MAX_PER_SWEEP = 5;
export const STRAY_BRAKE_SHARE = 0.05;

/** A Windows guest tells its first password some 5 to 15 minutes after its launch; one that has not by now never will. */
export const FIRST_PASSWORD_MS = 60 * 60_000;
/** A request to glance, cinder or keystone: what takes longer is tried again by the operation. */
export const SERVICE_REQUEST_MS = 20_000;
/** How long builds of one project share what neutron said of its groups: a burst asks once, and the sync sees to what is newer. */
export const GROUPS_SHARED_MS = 2_000;
/** Ids in one request to neutron: some 2,000 bytes of its URL, which proxies take. */
export const NEUTRON_IDS = 50;
/** An import takes minutes; a build looks this often how far it has come. */
export const IMPORT_LOOK_MS = 5_000;
/** A token is renewed this long before its end, so that it does not run out on its way. */
export const TOKEN_MARGIN_MS = 60_000;
/** A provider that is away longer than this is an operator's business; nothing else of the instance could go on either. */
export const CLEAR_IMAGE_DEADLINE_MS = 3_600_000;
/** As long, for the same reason. */
export const PROTECT_DEADLINE_MS = CLEAR_IMAGE_DEADLINE_MS;
/** Looks in a row that must show a leftover before it is believed: reads lag behind the end of its machine. */
export const LEFTOVER_SWEEPS = 3;
/** As long as a stray machine's quarantine, for the same reason. */
export const LEFTOVER_GRACE_MS = STRAY_QUARANTINE_MS;

/** nova's bandwidth_poll_interval. */
export const BANDWIDTH_INTERVAL_MS = 10 * 60_000;
export const BANDWIDTH_PAGE = 200;

/** An outbox entry taken and not settled is somebody else's after this. */
export const OUTBOX_LEASE_MS = 30_000;
/** Reports published together: one round of reads and confirms. */
export const OUTBOX_LIMIT = 100;
/** Pause before what could not be said is said again. */
export const OUTBOX_RETRY_MS = 2_000;

/** Changes of capacity are gathered this long before they go up, so that a row of refusals makes one message. */
export const PULSE_DEBOUNCE_MS = 500;
/** A round of heal, as nova's periodic task: each minute. */
export const HEAL_INTERVAL_MS = 60_000;
/** Rows of one page of sync_instances. */
export const SYNC_PAGE = 200;
/** The singleton loops' lease outlives two of their rounds. */
export const LOOP_LEASE_FACTOR = 2.5;
export const PURGE_INTERVAL_MS = 10 * 60_000;

/** A provider call made for a query (console log): the parent waits 60 s in all. */
export const QUERY_PROVIDER_MS = 20_000;
/** How long a console may take to open: some calls to the vendor and a connection. The user looks at an empty screen meanwhile. */
export const CONSOLE_OPEN_MS = 30_000;
/** How long one picture of a screen serves all who watch it: a little less than the page waits between two looks. */
export const SCREEN_FRESH_MS = 4_000;
/** Between two looks of one watcher, who may be a program: each reads rows. */
export const SCREEN_PACE_MS = 250;
/** How long a picture may take; who watches sees the one before meanwhile. */
export const SCREEN_SHOT_MS = 15_000;
/** Connections for browsers that fetch the page: some six each, for a moment. */
export const CONSOLE_PAGE_SOCKETS = 60;
/** Who may watch one screen at the same time: they share its pictures, so more than may type. */
export const SCREEN_WATCHERS = 10;
/** How long a client that was told that its console is closed may take to leave. */
export const CONSOLE_CLOSE_MS = 5_000;
/** How long a client may take to send the request for a console. */
export const CONSOLE_REQUEST_MS = 10_000;
/** The largest message taken from a console's client: what somebody pastes. */
export const CONSOLE_MESSAGE_BYTES = 1024 * 1024;

/** How long an answer may wait for the parent's broker before nobody waits for it any more. */
export const ANSWER_TIMEOUT_MS = 50_000;
/** How long a stopping process waits for what it has begun. */
export const SHUTDOWN_MS = 10_000;
/** While the database is away, a delivery is held and tried again after this. */
export const AWAY_RETRY_MS = 1_000;
/** How long a publish waits for the broker's confirm before it counts as not said; the outbox then tries again. */
export const PUBLISH_TIMEOUT_MS = 10_000;

/** How long the volume service may be away until a volume that nobody uses stays reserved: longer than any repair takes. */
export const FREE_VOLUME_MS = 7 * 24 * 3_600_000;
