import type { AmqpTransport } from '../amqp/transport.js';
import type { JsonObject } from '../json/json.js';
import { REPLY_EXCHANGE_WAIT_MS } from '../timings.js';
import { sealEnvelope } from './envelope.js';
import { encodeFailure } from './remote-error.js';
import type { ReplyForm } from './reply-form.js';
import { newUniqueId, type RpcDict } from './rpc-dict.js';
import type { ReplyPort } from './types.js';

const ENDING: JsonObject = { result: null, failure: null, ending: true };

/** Where a call's answer goes; null for a cast. */
export function replyPortFor(transport: AmqpTransport, rpc: RpcDict, form: ReplyForm): ReplyPort | null {
  const { msgId } = rpc;
  if (msgId === null) return null;
  const queue = rpc.replyQueue ?? msgId;
  const marks = rpc.replyQueue === null ? {} : { _msg_id: msgId };
  let ended = false;

  const send = (reply: JsonObject): Promise<void> => {
    const body = sealEnvelope({ ...reply, ...marks, _unique_id: newUniqueId() }, form.envelope ? '2.0' : 'bare');
    return transport.publish(queue, queue, body, {
      declare: { name: queue, type: 'passive' },
      timeoutMs: REPLY_EXCHANGE_WAIT_MS,
    });
  };
  const end = async (reply: JsonObject): Promise<void> => {
    if (ended) return;
    ended = true;
    if (form.single) return send({ ...reply, ending: true });
    await send(reply);
    await send(ENDING);
  };
  return {
    reply: (value) => end({ result: value, failure: null }),
    fail: (error) => end({ result: null, failure: encodeFailure(error) }),
    heartbeat: async () => {
      if (form.heartbeats && !ended) await send({ result: null, failure: null, ending: false });
    },
  };
}
