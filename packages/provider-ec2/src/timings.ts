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

/** How long the queue is waited for: the longest that SQS allows ("long polling"), so three requests a minute when nothing happens. */
export const EVENTS_WAIT_MS = 20_000;
/** After full answers more is taken without a wait. */
export const EVENTS_WAIT_NEXT_MS = 0;
/** Events taken in one go: some ten requests, well within the queue's visibility timeout. */
export const EVENTS_MAX = 100;

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
/** A security group that is gone above is deleted after this: somebody may put it back, and it costs nothing. */
export const GROUP_GRACE_MS = 60 * 60_000;
/** The catalogue changes when AWS launches a type: twice a day is plenty, and it costs some 15 calls. */
export const CATALOGUE_FRESH_MS = 12 * 3_600_000;
/** AWS's list prices change some times a year; reading them takes about ten calls. */
export const LIST_PRICES_FRESH_MS = 24 * 3_600_000;
/** Spot prices move some times a day (AWS: "Spot Instance pricing"). */
export const SPOT_PRICES_FRESH_MS = 10 * 60_000;
/** An image's facts hardly change, its disappearance is noticed at launch. */
export const IMAGE_FRESH_MS = 10 * 60_000;
/** An AMI that is being made takes minutes; asking every so often finds it soon after it is ready. */
export const IMAGE_PENDING_RETRY_MS = 15_000;
/** After a failed refresh of cached facts the old ones serve on, and the next try waits this long. */
export const REFRESH_RETRY_MS = 10_000;

/** Room in an account beside the cell's own is mostly known; where it is not, builds elsewhere must not wait for it. */
export const OTHER_SHAPE_WAIT_MS = 200;
/** An account that was taken out of the configuration comes back by an operator's hand. */
export const UNCONFIGURED_RETRY_AFTER_MS = 60_000;
/** GetMetricData takes 500 metrics (AWS: GetMetricData). */
export const METRICS_PER_CALL = 500;
/** Instances write a value every five minutes unless they are watched in detail, which costs more (AWS: "Basic monitoring"). */
export const METRIC_FINEST_MS = 5 * 60_000;
/** The longest period of one value that CloudWatch gives, and one in between. */
export const METRIC_COARSER_MS = [24 * 3_600_000, 3_600_000] as const;
/** More values than this of one metric, and a coarser period does: what it adds of the time before is a fiftieth. */
export const METRIC_MAX_VALUES = 50;
/** Values come some minutes late: the newest one is in here. */
export const METRIC_RECENT_MS = 3 * METRIC_FINEST_MS;

/** Ten times the usual: a hash that others can read should be slow to guess, and a login that takes 0.1 s is not noticed. */
export const CRYPT_ROUNDS = 50_000;
/** Some 3 ms of work, between which the process does other things. */
export const CRYPT_ROUNDS_PER_TURN = 2_000;
/** AWS's shortest time for a command to reach the guest; setting a password takes a moment. */
export const COMMAND_TIMEOUT_SECONDS = 30;
/** How often a command is looked at, with growing pauses: some 70 s, longer than it has to begin and to end. */
export const COMMAND_LOOKS = 38;
export const COMMAND_POLL_FIRST_MS = 250;
export const COMMAND_POLL_MAX_MS = 2_000;
/** An agent registers within some minutes of the guest's start; before that its absence means nothing. */
export const AGENT_START_MS = 5 * 60_000;
/** An import takes minutes: all who wait for one are answered from a look of the last few seconds. */
export const IMPORT_LOOK_MS = 5_000;
/** S3 takes parts of 5 MiB to 5 GiB, at most 10,000: these are few enough at once to be held in memory. */
export const UPLOAD_PART_BYTES = 16 * 1024 * 1024;
export const UPLOAD_PARTS_AT_ONCE = 2;
export const UPLOAD_MAX_PARTS = 10_000;
/** A converted disk beyond this is no server's root disk; zeros cost an image nothing, but each is uploaded. */
export const MAX_CONVERTED_BYTES = 512 * 1024 ** 3;

/** A size of flavor is reported as refused only while somebody asked for it lately. */
export const SIZE_MEMORY_MS = 60 * 60_000;

/** AWS keeps the key of a serial console for 60 seconds; a handshake takes one or two. */
export const SSH_READY_MS = 15_000;
/** A network that forgets quiet connections does so after minutes; three lost signs of life end the session. */
export const SSH_KEEPALIVE_MS = 30_000;
