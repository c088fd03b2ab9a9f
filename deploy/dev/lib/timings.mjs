/** How long a probe of a port may take: a local server answers in milliseconds, but RabbitMQ thinks for seconds over a wrong password. */
export const PROBE_MS = 6_000;

/** How often a starting server is asked whether it is ready. */
export const READY_POLL_MS = 200;

/** A cold RabbitMQ takes 10 s on two idle cores; three times that on a busy machine is still not a failure. */
export const READY_MS = 90_000;

/** What a task gets to tidy up after an interrupt: the demo deletes its queues and database in well under this. */
export const TASK_GRACE_MS = 20_000;

/** What a private server gets to end by itself; its data is thrown away, so being killed costs nothing. */
export const SERVER_GRACE_MS = 10_000;

/** How often a lock held by another run is tried again. */
export const LOCK_POLL_MS = 250;

/** The longest a run waits for another one that installs and builds: a cold `npm ci` on a slow line. */
export const LOCK_MS = 15 * 60_000;

/** Starts on fresh ports when a port was taken between choosing and using it. */
export const START_TRIES = 3;

/** How long a killed group may take to vanish: the kernel needs milliseconds, an init that reaps late is not waited for. */
export const KILLED_MS = 1_000;

/** What servers of a killed run get to end by themselves: PostgreSQL then gives its shared memory back. */
export const SWEEP_GRACE_MS = 3_000;
