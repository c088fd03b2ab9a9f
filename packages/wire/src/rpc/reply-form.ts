/** How a generation of oslo.messaging answers a call. */
export interface ReplyForm {
  readonly envelope: boolean;
  /** True: value and `ending` in one message; false: two messages. */
  readonly single: boolean;
  /** Whether a `result: null, ending: false` message keeps a monitored call alive. */
  readonly heartbeats: boolean;
}

/**
 * Grizzly: bare and in two. Havana to Liberty (in-tree RPC, oslo.messaging to 2.x): two, in the envelope. Mitaka on
 * (4.x): one. Queens on (5.35): call monitoring. The queue is `_reply_q`, or `_msg_id` itself where that is missing.
 */
export const REPLY_FORMS = {
  bare: { envelope: false, single: false, heartbeats: false },
  double: { envelope: true, single: false, heartbeats: false },
  single: { envelope: true, single: true, heartbeats: false },
  monitored: { envelope: true, single: true, heartbeats: true },
} as const satisfies Record<string, ReplyForm>;
