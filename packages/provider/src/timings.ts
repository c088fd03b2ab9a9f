/** How long a refused offering is left out. EC2 pools refill within minutes; asking sooner spends the launch budget on the same answer. */
export const REFUSAL_MEMORY_MS = 3 * 60_000;

/** How long a terminated machine stays visible: EC2 shows it for about an hour (EC2 guide, "Terminate your instance"). */
export const TERMINATED_VISIBLE_MS = 60 * 60_000;

/** How long a token is remembered after its machines ended: AWS promises at least 24 h ("Ensuring idempotency"). */
export const TOKEN_MEMORY_MS = 24 * 60 * 60_000;

/** Machines a page of `list` holds: EC2's largest page (DescribeInstances, MaxResults ≤ 1,000). */
export const LIST_PAGE_SIZE = 1_000;

/** Between two looks at a machine that is waited for: short against any vendor's transitions, cheap against its budgets. */
export const SETTLE_POLL_MS = 50;

/** How long the conformance suite waits for a machine's state: EC2's slowest stop is under two minutes. */
export const SETTLE_TIMEOUT_MS = 180_000;

/** How long a call that will never be answered gets to reach its cloud before it is aborted: gathering and one round trip. */
export const ON_ITS_WAY_MS = 250;

/** How soon an aborted call must have ended: a loaded machine's worst pause, far below any deadline of the core. */
export const ABORT_PATIENCE_MS = 2_000;

/** How long a console that was handed out may be used: nova's own (nova.conf, `console_token_ttl` = 600 s). */
export const CONSOLE_TOKEN_MS = 10 * 60_000;
