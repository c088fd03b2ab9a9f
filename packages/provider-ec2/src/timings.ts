/** Every duration, batch size and retry count of this package, with its reason. */

/** Connecting to AWS takes tens of ms; a second attempt elsewhere beats waiting longer. */
export const CONNECT_TIMEOUT_MS = 3_000;
/** RunInstances of many machines answers within some seconds; beyond this the answer is taken for lost. */
export const REQUEST_TIMEOUT_MS = 30_000;
/** Sockets kept open; more wait in line, which AWS's own buckets would make them do anyway. */
export const MAX_SOCKETS = 64;

/** A read is asked at most this often: with the pauses below that rides out about ten seconds of trouble. */
export const READ_ATTEMPTS = 5;
export const READ_BACKOFF_FIRST_MS = 250;
export const READ_BACKOFF_MAX_MS = 5_000;

/** AWS names no time after which a throttled call may come again; its buckets refill by the second. */
export const THROTTLED_RETRY_AFTER_MS = 2_000;
/** An unknown effect is asked for again soon: the same token makes that safe. */
export const UNAVAILABLE_RETRY_AFTER_MS = 1_000;

/** Describes that come while one is under way wait for its end, at most so long: five calls a second of the bucket's twenty. */
export const DESCRIBE_MAX_WAIT_MS = 200;
/** The SDK spends 0.2 ms of CPU per machine on parsing: 200 block the event loop for some 40 ms. */
export const DESCRIBE_MAX_IDS = 200;
/** Machines per page of a sweep, for the same reason (AWS allows 5 to 1,000). */
export const LIST_PAGE_SIZE = 200;

/** The same for power verbs: StartInstances refills at 2 requests a second. */
export const POWER_MAX_WAIT_MS = 500;
export const POWER_MAX_IDS = 100;

/** Attaching takes some seconds at AWS; longer, and the caller is told to look again rather than kept waiting. */
export const ATTACH_LOOKS = 12;
export const ATTACH_POLL_FIRST_MS = 250;
export const ATTACH_POLL_MAX_MS = 2_000;
/** AWS takes at most 200 values in one filter ("Filtering", EC2 API reference). */
export const FILTER_MAX_VALUES = 200;

/** How long a refused offering is passed over: long enough not to knock in vain, short enough to see room return. */
export const REFUSAL_MEMORY_MS = 3 * 60_000;
/** A machine this young may be unknown to some of EC2's readers (AWS: "Eventual consistency", up to 5 minutes). */
export const YOUNG_MS = 5 * 60_000;

/** Zones and free addresses: looked at again once a minute, the pace of the cell's own capacity reports. */
export const ZONES_FRESH_MS = 60_000;
export const SUBNETS_FRESH_MS = 60_000;
/** Security groups by name: a group that an operator has just made is found this soon. */
export const GROUPS_FRESH_MS = 60_000;
/** The catalogue changes when AWS launches a type: twice a day is plenty, and it costs some 15 calls. */
export const CATALOGUE_FRESH_MS = 12 * 3_600_000;
/** An image's facts hardly change, its disappearance is noticed at launch. */
export const IMAGE_FRESH_MS = 10 * 60_000;
/** An AMI that is being made takes minutes; asking every so often finds it soon after it is ready. */
export const IMAGE_PENDING_RETRY_MS = 15_000;
/** After a failed refresh of cached facts the old ones serve on, and the next try waits this long. */
export const REFRESH_RETRY_MS = 10_000;

/** A size of flavor is reported as refused only while somebody asked for it lately. */
export const SIZE_MEMORY_MS = 60 * 60_000;

/** AWS keeps the key of a serial console for 60 seconds; a handshake takes one or two. */
export const SSH_READY_MS = 15_000;
/** A network that forgets quiet connections does so after minutes; three lost signs of life end the session. */
export const SSH_KEEPALIVE_MS = 30_000;
