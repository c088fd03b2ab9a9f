import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { BrokerSide } from './broker-side.js';
import type { Json, JsonObject } from './json.js';
import { CALL_TIMEOUT_MS, type Questions } from './questions.js';
import type { CellNames, UpMessage } from './read-message.js';
import type { ParentDialect } from './releases.js';
import { type DownMessage, interCell, rpcBody } from './write-message.js';

/** How often and how far apart messages are said twice: a broker redelivers, a parent repeats on reconnect. */
export interface RepeatOptions {
  /** Share of messages sent twice, 0 to 1. */
  readonly share: number;
  readonly maxDelayMs: number;
  readonly random: () => number;
}

export interface SenderOptions {
  readonly dialect: ParentDialect;
  readonly names: CellNames;
  readonly broker: BrokerSide;
  readonly questions: Questions;
  readonly repeats?: RepeatOptions;
}

export interface Request extends Omit<DownMessage, 'uuid' | 'needResponse'> {
  readonly timeoutMs?: number;
}

/** Sends inter-cell messages down as the parent's nova-cells does. */
export class Sender {
  /** The bodies sent, by message uuid, so that a test may send one again. */
  private readonly sent = new Map<string, { type: DownMessage['type']; body: Buffer }>();
  private readonly repeating = new Set<Promise<void>>();
  private readonly stopping = new AbortController();
  keepBodies = true;

  constructor(private readonly options: SenderOptions) {}

  /** Resolves with the message's uuid when the child's broker has it. */
  async cast(request: Request): Promise<string> {
    return this.publish({ ...request, needResponse: false, uuid: randomUUID() });
  }

  /** Resolves with the child's answer. */
  async call(request: Request): Promise<Json> {
    const uuid = randomUUID();
    const method = methodAsked(request);
    const answer = this.options.questions.ask(uuid, method, request.timeoutMs ?? CALL_TIMEOUT_MS);
    const [, value] = await Promise.all([this.publish({ ...request, needResponse: true, uuid }), answer]);
    return value;
  }

  /** The same message once more, byte for byte. */
  async again(uuid: string): Promise<void> {
    const sent = this.sent.get(uuid);
    if (!sent) throw new Error(`no message ${uuid} was sent`);
    await this.options.broker.publish(sent.type, sent.body);
  }

  /** The uuids of the messages sent so far, oldest first. */
  messages(): string[] {
    return [...this.sent.keys()];
  }

  /** Resolves when every repeat that is due has been sent. */
  async repeated(): Promise<void> {
    while (this.repeating.size > 0) await Promise.all(this.repeating);
  }

  /** Any bytes at all, as a body on the queue of `type`. */
  async raw(type: DownMessage['type'], body: Buffer): Promise<void> {
    await this.options.broker.publish(type, body);
  }

  /** The body of a message, changed by `change` before it is sent: for bad input. */
  async sendChanged(request: Request & { needResponse?: boolean }, change: (message: JsonObject) => void): Promise<string> {
    const { own, child } = this.options.names;
    const message = interCell({ ...request, needResponse: request.needResponse ?? false }, own, child);
    change(message);
    await this.options.broker.publish(request.type, rpcBody(message, this.options.dialect));
    return String(message.uuid);
  }

  /** The answer to a question of the child, fanned out to all its workers. */
  async respond(question: UpMessage, value: Json): Promise<void> {
    const { own, child } = this.options.names;
    const path = `${child}!${own}`;
    const item = JSON.stringify({ cell_name: path, value, failure: false });
    const original = JSON.stringify({ method_name: question.method, routing_path: path, uuid: question.uuid });
    await this.publish({
      type: 'response',
      method: 'parse_responses',
      kwargs: { orig_message: original, responses: [item] },
      ctxt: question.ctxt,
      needResponse: false,
      uuid: randomUUID(),
      responseUuid: question.uuid,
    });
  }

  stop(): void {
    this.stopping.abort();
  }

  private async publish(message: DownMessage & { uuid: string }): Promise<string> {
    const { own, child } = this.options.names;
    const body = rpcBody(interCell(message, own, child), this.options.dialect);
    if (this.keepBodies) this.sent.set(message.uuid, { type: message.type, body });
    await this.options.broker.publish(message.type, body);
    this.maybeRepeat(message.type, body);
    return message.uuid;
  }

  private maybeRepeat(type: DownMessage['type'], body: Buffer): void {
    const { repeats, broker } = this.options;
    if (!repeats || repeats.random() >= repeats.share) return;
    const delayMs = repeats.random() * repeats.maxDelayMs;
    const repeat = delay(delayMs, undefined, { signal: this.stopping.signal })
      .then(() => broker.publish(type, body))
      .catch(() => {})
      .finally(() => this.repeating.delete(repeat));
    this.repeating.add(repeat);
  }
}

function methodAsked(request: Request): string {
  const info = request.kwargs.method_info;
  const inner = typeof info === 'object' && info !== null && !Array.isArray(info) ? info.method : undefined;
  return typeof inner === 'string' ? inner : request.method;
}
