import type { InstanceView, JsonObject, OutboxEntry, Store } from '@burstcell/store';
import {
  type Answer,
  adminContext,
  adoptionParts,
  type BandwidthReport,
  type BdmReport,
  dialectOf,
  encodeAdopted,
  encodeAdoption,
  encodeBandwidth,
  encodeBdm,
  encodeBdmDestroy,
  encodeFault,
  encodeInstanceDestroy,
  encodeInstanceUpdate,
  type FaultReport,
  type InterCellMessage,
  type JsonValue,
  newBroadcastUp,
  type RefusalKind,
  refusal,
  responseTo,
  TransportError,
  type UpCall,
} from '@burstcell/wire';
import type { Log } from '../../log.js';
import type { FailureKind } from '../../operations/failure.js';
import type { ParentLink, Verdict } from '../../parent-link.js';
import { VmState } from '../../states.js';
import { ANSWER_TIMEOUT_MS, PUBLISH_TIMEOUT_MS } from '../../timings.js';
import type { ApiDatabaseTidier } from './api-database-tidier.js';
import type { Calls } from './calls.js';
import { requestFromNote } from './handlers/answer-note.js';
import type { Neighbours } from './neighbours.js';
import type { CellsV1Options } from './options.js';
import { adoptedReport, adoptionReport, isAdopted } from './translate/adoption.js';
import { instanceReport } from './translate/report.js';

interface LinkParts {
  readonly options: CellsV1Options;
  readonly store: Store;
  readonly neighbours: Neighbours;
  readonly calls: Calls;
  readonly tidier: ApiDatabaseTidier;
  readonly log: Log;
}

/** Says everything to cells v1 parents: broadcasts up for instances and faults, responses for calls. */
export class CellsV1Link implements ParentLink {
  constructor(private readonly parts: LinkParts) {}

  async deliver(entries: readonly OutboxEntry[]): Promise<readonly Verdict[]> {
    const views = await this.viewsFor(entries);
    if (views === null) return entries.map(() => 'later');
    const ghosts = entries.filter((entry) => this.endsGhost(entry, views)).map((entry) => entry.uuid);
    const said = Promise.all(entries.map((entry) => this.say(entry, views)));
    // Not after the confirms: until then a list shows BUILD beside what is ACTIVE, and a delete might not reach us.
    await this.parts.tidier.tidy(ghosts.filter((uuid) => uuid !== null));
    return said;
  }

  adoption(): ReturnType<ParentLink['adoption']> {
    const { spoken, dialect } = this.parts.options;
    if (!spoken.isSettled) return null;
    const unable = spoken.candidates.filter((release) => adoptionParts(dialectOf(release)) === 0);
    if (unable.length === 0) return { parts: adoptionParts(dialect) };
    return { refusal: `A parent of release ${unable.join(' or ')} cannot be told of servers it did not boot; this may be one.` };
  }

  async publicKey(userId: string, name: string, signal: AbortSignal): Promise<string | null> {
    const { options, store, calls, neighbours } = this.parts;
    const known = await store.keyPairs.find(userId, name);
    if (known !== null || !options.dialect.keypairAtTop) return known?.publicKey ?? null;
    const message = newBroadcastUp({
      ctxt: adminContext(options.dialect),
      methodName: 'get_keypair_at_top',
      methodKwargs: { user_id: userId, name },
      myName: options.name,
      needResponse: true,
    });
    const answered = calls.wait(message.uuid, options.callTimeoutMs, signal);
    await neighbours.send(message, PUBLISH_TIMEOUT_MS);
    const item = (await answered)?.items[0];
    const key = item !== undefined && 'value' in item ? publicKeyIn(item.value) : null;
    if (key !== null) await store.keyPairs.remember(userId, name, key);
    return key;
  }

  private async viewsFor(entries: readonly OutboxEntry[]): Promise<ReadonlyMap<string, InstanceView> | null> {
    const uuids = entries.filter(({ kind }) => kind === 'state' || kind === 'adoption').map((entry) => entry.uuid);
    try {
      return await this.parts.store.instances.views(uuids.filter((uuid) => uuid !== null));
    } catch (error) {
      this.parts.log.warn({ err: error }, 'rows to report could not be read');
      return null;
    }
  }

  /** What cannot be put into the release's form is dropped with a loud line: it would never go otherwise. */
  private async say(entry: OutboxEntry, views: ReadonlyMap<string, InstanceView>): Promise<Verdict> {
    // An answer goes in whatever form the question's release has; a report in the wrong one is lost, or worse.
    if (entry.kind !== 'answer' && !this.parts.options.spoken.isSettled) return 'later';
    try {
      if (entry.kind === 'adoption' && !(await this.isMapped(entry, views))) return 'later';
      const message = this.messageFor(entry, views);
      if (message === null) return entry.kind === 'state' ? 'gone' : 'taken';
      await this.parts.neighbours.send(message, entry.kind === 'answer' ? ANSWER_TIMEOUT_MS : PUBLISH_TIMEOUT_MS);
      return 'taken';
    } catch (error) {
      if (error instanceof TransportError) return 'later';
      this.parts.log.error({ uuid: entry.uuid, kind: entry.kind, err: error }, 'a report could not be encoded and is dropped');
      return 'taken';
    }
  }

  /** From Newton on, a delete of what the API did not boot fails without this; before, and for all else, there is nothing to do. */
  private async isMapped({ uuid }: OutboxEntry, views: ReadonlyMap<string, InstanceView>): Promise<boolean> {
    const projectId = uuid === null ? undefined : views.get(uuid)?.project_id;
    if (!this.parts.options.dialect.adoptionNeedsMapping || uuid === null || projectId == null) return true;
    return this.parts.tidier.map([{ uuid, projectId }]);
  }

  /** Null: there is nothing to say any more. */
  private messageFor(entry: OutboxEntry, views: ReadonlyMap<string, InstanceView>): InterCellMessage | null {
    const { dialect } = this.parts.options;
    switch (entry.kind) {
      case 'state': {
        const view = entry.uuid === null ? undefined : views.get(entry.uuid);
        if (view === undefined || view.deleted !== 0) return null;
        if (isAdopted(view)) return this.broadcast(encodeAdopted(dialect, adoptedReport(view, entry.payload, dialect)));
        return this.broadcast(encodeInstanceUpdate(dialect, instanceReport(view, entry.payload, dialect)));
      }
      case 'adoption': {
        const view = entry.uuid === null ? undefined : views.get(entry.uuid);
        if (view === undefined || view.deleted !== 0) return null;
        return this.maybe(encodeAdoption(dialect, adoptionReport(view, dialect))[Number(entry.payload.part)] ?? null);
      }
      case 'gone':
        return entry.uuid === null ? null : this.broadcast(encodeInstanceDestroy(dialect, { uuid: entry.uuid }));
      case 'fault':
        return this.broadcast(encodeFault(dialect, entry.payload as unknown as FaultReport));
      case 'block-device':
        return this.maybe(encodeBdm(dialect, entry.payload as unknown as BdmReport));
      case 'block-device-gone':
        return this.maybe(encodeBdmDestroy(dialect, entry.payload as unknown as Parameters<typeof encodeBdmDestroy>[1]));
      case 'bandwidth':
        return this.broadcast(encodeBandwidth(bandwidthReport(entry.payload)));
      case 'answer':
        return this.response(entry.payload);
      default:
        throw new Error(`no form for an outbox entry of kind ${entry.kind}`);
    }
  }

  /** Null where the release has no such message. */
  private maybe(call: UpCall | null): InterCellMessage | null {
    return call === null ? null : this.broadcast(call);
  }

  private broadcast(call: UpCall): InterCellMessage {
    const { dialect, name, maxHopCount } = this.parts.options;
    return newBroadcastUp({ ctxt: adminContext(dialect), myName: name, maxHopCount, ...call });
  }

  private response(payload: JsonObject): InterCellMessage {
    const request = requestFromNote(payload.to as JsonObject);
    return responseTo(request, this.parts.options.name, answerOf(payload));
  }

  /** Newton on: once the parent is told of a host, an error or an end, what the API database keeps beside it is a ghost. */
  private endsGhost(entry: OutboxEntry, views: ReadonlyMap<string, InstanceView>): boolean {
    if (entry.uuid === null || entry.said > 0) return false;
    if (entry.kind !== 'state') return entry.kind === 'gone';
    const view = views.get(entry.uuid);
    // A build that failed before it found a host is the list's business too.
    return view?.vm_state === VmState.ERROR || (entry.payload.placed === true && view?.host != null);
  }
}

/** Times travel through the row as text. */
function bandwidthReport(payload: JsonObject): BandwidthReport {
  const time = (name: string) => new Date(String(payload[name]));
  return {
    ...(payload as unknown as BandwidthReport),
    start_period: time('start_period'),
    last_refreshed: time('last_refreshed'),
  };
}

/** Our kinds as those that nova's exceptions stand for. */
const REFUSALS: Readonly<Record<FailureKind, RefusalKind>> = {
  capacity: 'capacity',
  quota: 'quota',
  throttled: 'unavailable',
  unavailable: 'unavailable',
  unauthorized: 'unauthorized',
  'not-found': 'not-found',
  invalid: 'invalid',
  conflict: 'conflict',
  unsupported: 'unsupported',
  state: 'conflict',
  late: 'unavailable',
};

function answerOf(payload: JsonObject): Answer {
  const failure = payload.failure as { readonly kind: FailureKind; readonly message: string } | undefined;
  if (failure === undefined) return { value: (payload.value ?? null) as JsonValue };
  return { failure: refusal(REFUSALS[failure.kind] ?? 'unavailable', failure.message) };
}

/** The KeyPair object of the parent's answer; null means there is none. */
function publicKeyIn(value: JsonValue): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const data = value['nova_object.data'];
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return null;
  return typeof data.public_key === 'string' ? data.public_key : null;
}
