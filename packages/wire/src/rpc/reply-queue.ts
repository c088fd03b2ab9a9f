import type { AmqpTransport } from '../amqp/transport.js';
import type { Consumer, Delivery } from '../amqp/types.js';
import { TransportError } from '../errors.js';
import type { JsonObject, JsonValue } from '../json/json.js';
import { REPLY_PREFETCH, TRANSIENT_QUEUE_TTL_MS } from '../timings.js';
import { openEnvelope } from './envelope.js';
import { replyExchange } from './names.js';
import { decodeFailure } from './remote-error.js';
import { newUniqueId } from './rpc-dict.js';

interface Waiting {
  /** The value of the first of two messages. */
  value: JsonValue;
  beat(): void;
  end(outcome: { value: JsonValue } | { error: Error }): void;
}

export interface WaitOptions {
  readonly timeoutMs: number;
  readonly monitorMs?: number;
  readonly signal?: AbortSignal;
}

/** One queue for the answers to all our calls, told apart by `_msg_id`. */
export class ReplyQueue {
  readonly name = `reply_${newUniqueId()}`;
  readonly #waiting = new Map<string, Waiting>();
  readonly #consumer: Consumer;

  constructor(transport: AmqpTransport) {
    const { name } = this;
    const queue = {
      name,
      durable: false,
      autoDelete: false,
      arguments: { 'x-expires': TRANSIENT_QUEUE_TTL_MS },
      bindings: [{ exchange: name, routingKey: name }],
    };
    this.#consumer = transport.consume({
      topology: { exchanges: [replyExchange(name)], queues: [queue] },
      queues: [name],
      prefetch: REPLY_PREFETCH,
      onDelivery: (delivery) => this.#onDelivery(delivery),
    });
  }

  /** Resolves when answers can arrive. Rejects when the signal fires before, or the time is up. */
  ready({ signal, timeoutMs }: WaitOptions): Promise<void> {
    const limit = AbortSignal.timeout(timeoutMs);
    return new Promise((resolve, reject) => {
      const onLimit = (): void => reject(new TransportError('timeout', `no reply queue within ${timeoutMs} ms`));
      const onAbort = (): void => reject(new TransportError('aborted', 'the call was aborted'));
      limit.addEventListener('abort', onLimit, { once: true });
      signal?.addEventListener('abort', onAbort, { once: true });
      if (signal?.aborted) onAbort();
      const off = (): void => signal?.removeEventListener('abort', onAbort);
      this.#consumer.ready.then(resolve, reject).finally(off);
    });
  }

  expect(msgId: string, options: WaitOptions): Promise<JsonValue> {
    return new Promise((resolve, reject) => {
      const { signal, timeoutMs, monitorMs } = options;
      const end: Waiting['end'] = (outcome) => {
        this.#waiting.delete(msgId);
        clearTimeout(total);
        clearTimeout(silence);
        signal?.removeEventListener('abort', onAbort);
        if ('error' in outcome) reject(outcome.error);
        else resolve(outcome.value);
      };
      const onAbort = (): void => end({ error: new TransportError('aborted', 'the call was aborted') });
      const late = (ms: number) => (): void => end({ error: new TransportError('timeout', `no answer within ${ms} ms`) });
      const total = setTimeout(late(timeoutMs), timeoutMs);
      let silence = monitorMs === undefined ? undefined : setTimeout(late(monitorMs), monitorMs);
      const beat = (): void => {
        clearTimeout(silence);
        if (monitorMs !== undefined) silence = setTimeout(late(monitorMs), monitorMs);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiting.set(msgId, { value: null, beat, end });
    });
  }

  fail(msgId: string, error: Error): void {
    this.#waiting.get(msgId)?.end({ error });
  }

  async close(): Promise<void> {
    const error = new TransportError('closed', 'the RPC client was closed');
    for (const waiting of [...this.#waiting.values()]) waiting.end({ error });
    await this.#consumer.cancel();
  }

  /** An answer is of use only to the call that waits in this process: it is acked whatever becomes of it. */
  #onDelivery(delivery: Delivery): void {
    delivery.ack();
    const reply = readReply(delivery.body);
    const waiting = reply === null ? undefined : this.#waiting.get(reply.msgId);
    if (reply === null || waiting === undefined) return;
    if (reply.failure !== null) waiting.end({ error: errorOf(reply.failure) });
    else if (reply.ending) waiting.end({ value: reply.result ?? waiting.value });
    else {
      waiting.value = reply.result ?? waiting.value;
      waiting.beat();
    }
  }
}

/** Null for what is no reply: nobody can be told. */
function readReply(body: Buffer): { msgId: string; result: JsonValue; failure: string | null; ending: boolean } | null {
  let rpc: JsonObject;
  try {
    ({ rpc } = openEnvelope(body));
  } catch {
    return null;
  }
  const { _msg_id: msgId, result = null, failure = null, ending } = rpc;
  if (typeof msgId !== 'string') return null;
  return { msgId, result, failure: typeof failure === 'string' ? failure : null, ending: ending === true };
}

function errorOf(failure: string): Error {
  try {
    return decodeFailure(failure);
  } catch (cause) {
    return cause instanceof Error ? cause : new Error(String(cause));
  }
}
