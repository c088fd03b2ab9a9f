/** A broker that answers does so in well under a second; a refused log-in takes RabbitMQ a few. */
export const PROBE_TIMEOUT_MS = 8_000;

/** A command that waits for a running cell looks at the rows this often. */
export const ADOPTION_POLL_MS = 250;
