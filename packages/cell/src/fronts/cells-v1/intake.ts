import {
  type Answer,
  answerItem,
  builtinError,
  decodeResponse,
  hintsOf,
  type InterCellMessage,
  interCellMessageOf,
  nova,
  type RejectedDelivery,
  type ResponseItem,
  type RpcRequest,
  responseWith,
  TransportError,
  WireError,
} from '@burstcell/wire';
import type { IntakeCounts } from '../../metrics.js';
import type { Deadlines } from '../../operations/submit.js';
import type { Verb } from '../../operations/verb.js';
import { ANSWER_TIMEOUT_MS } from '../../timings.js';
import type { Calls } from './calls.js';
import type { HandlerTools, Incoming, Outcome } from './handlers/handler.js';
import type { Neighbours } from './neighbours.js';
import type { CellsV1Options } from './options.js';
import { InterruptedError, Passage, UnreachableError } from './passage.js';
import { isAway, Patience } from './patience.js';
import { Recorder } from './recorder.js';
import { Rejects } from './rejects.js';
import type { ReleaseWatch } from './release-watch.js';
import { type Refused, type Routed, refuse, routeMessage } from './router.js';

interface IntakeParts {
  readonly options: CellsV1Options;
  readonly tools: HandlerTools;
  readonly neighbours: Neighbours;
  readonly calls: Calls;
  readonly verbs: ReadonlyMap<string, Verb>;
  readonly deadlines: Deadlines;
  readonly counts: IntakeCounts;
  readonly releases: ReleaseWatch;
}

type Handled = Extract<Routed, { kind: 'handle' }>;
type Passed = Extract<Routed, { kind: 'pass' }>;

/**
 * From a delivery to a committed row. A message is acknowledged only when what it asks for is recorded,
 * answered or confirmed by the next broker; until then it is the broker's, and comes again if we die. No content can stop
 * the flow.
 */
export class Intake {
  private readonly passage: Passage;
  private readonly patience: Patience;
  private readonly recorder: Recorder;
  private readonly rejects: Rejects;

  constructor(private readonly parts: IntakeParts) {
    const { options, neighbours, calls, counts, tools } = parts;
    this.passage = new Passage({ neighbours, calls, callTimeoutMs: options.callTimeoutMs, log: tools.log });
    this.patience = new Patience(tools.log);
    this.recorder = new Recorder(parts);
    this.rejects = new Rejects({ store: tools.store, counts, patience: this.patience, log: tools.log });
  }

  stop(): void {
    this.patience.stop();
    this.passage.stop();
  }

  /** Never rejects. */
  async take(request: RpcRequest): Promise<void> {
    try {
      const routed = this.route(request);
      await this.patience.insist(() => this.carryOut(routed, request));
      request.ack();
    } catch (error) {
      // What could not be recorded or handed on before the end comes again, here or at another replica.
      if (error instanceof InterruptedError || isAway(error)) return;
      await this.unreadable(request, error);
    }
  }

  /** A delivery that is no RPC request. Never rejects. */
  async takeRejected(bad: RejectedDelivery): Promise<void> {
    await this.rejects.keep({ reason: bad.kind, detail: bad.reason, routingKey: bad.routingKey, body: bad.body });
    bad.ack();
  }

  private route(request: RpcRequest): Routed {
    const message = interCellMessageOf(request);
    this.parts.releases.note(hintsOf(request), message);
    this.parts.counts.received(message.methodName);
    return routeMessage(message, this.parts.options, this.parts.neighbours);
  }

  private async carryOut(routed: Routed, request: RpcRequest): Promise<void> {
    switch (routed.kind) {
      case 'response':
        this.parts.calls.arrived(decodeResponse(routed.message));
        return;
      case 'child':
        return this.childSays(routed.child, routed.message);
      case 'pass':
        return this.pass(routed, request);
      case 'refuse':
        return this.refused(routed, request);
      case 'handle':
        return this.handle(routed, request);
      default:
        return routed satisfies never;
    }
  }

  private childSays(child: string, { methodKwargs }: InterCellMessage): void {
    if (this.parts.neighbours.children.heard(child, methodKwargs)) this.parts.tools.pulse.soon();
  }

  private async pass({ message, to }: Passed, request: RpcRequest): Promise<void> {
    // A broadcast is answered by each cell to its neighbour, who gathers; of what goes up only the top has an answer.
    if (message.messageType === 'broadcast' && message.needResponse) {
      const items = await this.passage.ask(message, to);
      return this.answer(message, [...items, answerItem(message, { value: null })]);
    }
    await this.handOn(message, to, request);
  }

  private async handOn(message: InterCellMessage, to: readonly string[], request: RpcRequest): Promise<void> {
    try {
      await this.passage.pass(message, to);
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error;
      const failure = nova.serviceUnavailable(error.message);
      await this.refused({ kind: 'refuse', message, reason: 'unreachable', detail: error.message, failure }, request);
    }
  }

  private async handle({ handler, incoming, onward }: Handled, request: RpcRequest): Promise<void> {
    const { message } = incoming;
    const below = message.needResponse ? this.passage.ask(message, onward) : Promise.resolve([]);
    try {
      const answer = await this.conclude(await handler.handle(incoming, this.parts.tools), incoming);
      if (answer !== null) await this.answer(message, [...(await below), answerItem(message, answer)]);
    } catch (error) {
      if (error instanceof InterruptedError || isAway(error)) throw error;
      await this.refused(error instanceof WireError ? refuse(message, error) : this.undone(message, error), request);
    }
    if (!message.needResponse && onward.length > 0) await this.handOn(message, onward, request);
  }

  /** The answer that is due now; null: none, or an operation gives it when it ends. */
  private async conclude(outcome: Outcome, { message }: Incoming): Promise<Answer | null> {
    if (outcome === 'nothing') return message.needResponse ? { value: null } : null;
    if ('submit' in outcome) {
      const recorded = await this.recorder.record(outcome.submit, message);
      const isAnsweredLater = recorded.intents.some(({ origin }) => origin.answer !== undefined);
      return message.needResponse && !isAnsweredLater ? { value: null } : null;
    }
    if (!message.needResponse) return null;
    return 'answer' in outcome ? { value: outcome.answer } : outcome;
  }

  private async answer(message: InterCellMessage, items: readonly ResponseItem[]): Promise<void> {
    const { neighbours, options, tools } = this.parts;
    try {
      await neighbours.send(responseWith(message, options.name, items), ANSWER_TIMEOUT_MS);
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      // Nobody waits any more by now: who wants to know asks again.
      tools.log.warn({ method: message.methodName, messageId: message.uuid, err: error }, 'an answer could not be given in time');
    }
  }

  private async refused({ message, reason, detail, failure }: Refused, request: RpcRequest): Promise<void> {
    const { methodName: method, uuid: messageUuid } = message;
    await this.rejects.keep({ reason, detail, routingKey: request.routingKey, body: request.body, method, messageUuid });
    if (message.needResponse) await this.answer(message, [answerItem(message, { failure })]);
  }

  /** A readable message whose values nothing can be done with: who asked is told, at once rather than after its timeout. */
  private undone(message: InterCellMessage, error: unknown): Refused {
    const detail = this.unhandled(error);
    const failure = builtinError('ValueError', 'The cell could not handle a value of this message; its log says why.');
    return { kind: 'refuse', message, reason: 'internal', detail, failure };
  }

  private async unreadable(request: RpcRequest, error: unknown): Promise<void> {
    const reason = error instanceof WireError ? error.kind : 'internal';
    const detail = error instanceof WireError ? error.message : this.unhandled(error);
    await this.rejects.keep({ reason, detail, routingKey: request.routingKey, body: request.body });
    request.ack();
  }

  private unhandled(error: unknown): string {
    this.parts.tools.log.error({ err: error }, 'a message could not be handled; it is kept among the rejected');
    return error instanceof Error ? error.message : String(error);
  }
}
