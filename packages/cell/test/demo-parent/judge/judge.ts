import { isText, type JsonObject } from '../json.js';
import { type CellNames, type RawDelivery, readMessage, type UpMessage } from '../read-message.js';
import type { ParentDialect } from '../releases.js';
import type { Tables } from '../tables.js';
import { Findings, Lost, type Violation } from '../violations.js';
import { type ApplyTo, applyDestroy, applyUpdate, type Stored } from './apply.js';
import { Arrivals } from './arrivals.js';
import { applyCellState } from './cell-state.js';
import { checkColumns } from './columns.js';
import { type Answer, readResponse } from './response.js';
import {
  dropBlockDevice,
  readBandwidth,
  readBlockDevice,
  readDestroy,
  readFault,
  storeBlockDevice,
  storeFault,
} from './side-rows.js';
import { readDictUpdate } from './update-dict.js';
import { readObjectUpdate } from './update-object.js';

export interface JudgeOptions {
  readonly dialect: ParentDialect;
  readonly names: CellNames;
  readonly tables: Tables;
  /** An answer to one of our questions. */
  onAnswer(responseUuid: string, answer: Answer, findings: Findings): void;
  /** A question of the child. */
  onQuestion(message: UpMessage): void;
}

/** One message, read. `store` is what its thread will do; null when nothing is left to do. */
export interface Reception {
  readonly method: string;
  readonly uuid: string | null;
  store: (() => Stored) | null;
}

type Handler = (message: UpMessage, findings: Findings) => { uuid: string | null; store?: (findings: Findings) => Stored };

/** Judges everything that comes up, as the top cell of one release would take it, and lists what it would not. */
export class Judge {
  readonly violations: Violation[] = [];
  /** Messages by method, for the tables. */
  readonly counts = new Map<string, number>();
  private readonly arrivals: Arrivals;
  private readonly apply: ApplyTo;
  private readonly lastIds: string[] = [];

  constructor(private readonly options: JudgeOptions) {
    this.arrivals = new Arrivals(options.tables);
    this.apply = {
      tables: options.tables,
      dialect: options.dialect,
      cellName: `${options.names.own}!${options.names.child}`,
    };
  }

  /** Never throws: what is wrong is listed. */
  receive(raw: RawDelivery): Reception {
    const findings = new Findings();
    let at: { method: string; uuid: string | null } = { method: '?', uuid: null };
    try {
      const message = readMessage(raw, this.options.dialect, this.options.names, findings);
      at = { method: message.method, uuid: uuidIn(message.kwargs) };
      this.counts.set(message.method, (this.counts.get(message.method) ?? 0) + 1);
      if (this.isRepeat(message.uuid)) findings.add('useless', 'said-twice', `message ${message.uuid} came twice`);
      return this.handle(message, findings, at);
    } catch (error) {
      this.lose(error, at, findings);
      return { ...at, store: null };
    } finally {
      this.report(findings, at);
    }
  }

  private handle(message: UpMessage, findings: Findings, at: { method: string; uuid: string | null }): Reception {
    const handler = this.handlers[message.method];
    if (!handler) throw new Lost('unknown-method', `no method ${message.method}`);
    const { uuid, store } = handler(message, findings);
    at.uuid = uuid;
    if (!store) return { ...at, store: null };
    return { ...at, store: () => this.storing(store, { method: message.method, uuid }) };
  }

  private storing(store: (findings: Findings) => Stored, at: { method: string; uuid: string | null }): Stored {
    const findings = new Findings();
    try {
      return store(findings);
    } catch (error) {
      this.lose(error, at, findings);
      return 'ignored';
    } finally {
      this.report(findings, at);
    }
  }

  private lose(error: unknown, _at: object, findings: Findings): void {
    if (!(error instanceof Lost)) throw error;
    findings.add(error.severity, error.code, error.message);
  }

  private report(findings: Findings, at: { method: string; uuid: string | null }): void {
    for (const found of findings.found) this.violations.push({ ...found, ...at });
  }

  /** oslo.messaging remembers the last 16 messages of a consumer. */
  private isRepeat(id: string): boolean {
    if (this.lastIds.includes(id)) return true;
    this.lastIds.push(id);
    if (this.lastIds.length > 16) this.lastIds.shift();
    return false;
  }

  private readonly handlers: Readonly<Record<string, Handler>> = {
    instance_update_at_top: (message, findings) => this.update(message, findings),
    instance_destroy_at_top: (message, findings) => {
      const uuid = readDestroy(message.kwargs.instance, this.options.dialect, findings);
      return { uuid, store: () => applyDestroy(uuid, this.options.tables) };
    },
    instance_fault_create_at_top: (message, findings) => {
      const fault = readFault(message.kwargs.instance_fault, this.options.dialect, findings);
      return { uuid: fault.instance_uuid, store: applied(() => storeFault(fault, this.options.tables)) };
    },
    bdm_update_or_create_at_top: (message, findings) => {
      const bdm = readBlockDevice(message.kwargs, this.options.dialect, findings);
      const create = message.kwargs.create ?? null;
      return { uuid: String(bdm.instance_uuid), store: applied(() => storeBlockDevice(bdm, create, this.options.tables)) };
    },
    bdm_destroy_at_top: (message) => ({
      uuid: uuidIn(message.kwargs),
      store: applied(() => dropBlockDevice(message.kwargs, this.options.tables)),
    }),
    bw_usage_update_at_top: (message) => {
      const usage = readBandwidth(message.kwargs.bw_update_info);
      return { uuid: null, store: applied(() => void this.options.tables.bandwidth.push(usage)) };
    },
    consoleauth_delete_tokens: (message) => ({ uuid: uuidIn(message.kwargs) }),
    update_capabilities: (message, findings) => this.cellState(message, findings),
    update_capacities: (message, findings) => this.cellState(message, findings),
    parse_responses: (message, findings) => {
      const answer = readResponse(message.kwargs, this.apply.cellName, findings);
      this.options.onAnswer(message.responseUuid ?? '', answer, findings);
      return { uuid: null };
    },
    get_keypair_at_top: (message, findings) => {
      if (!message.needResponse) findings.add('useless', 'no-response-wanted', 'get_keypair_at_top without need_response');
      this.options.onQuestion(message);
      return { uuid: null };
    },
  };

  private update(message: UpMessage, findings: Findings): ReturnType<Handler> {
    const { dialect, tables } = this.options;
    const read = dialect.updates === 'object' ? readObjectUpdate : readDictUpdate;
    const change = read(message.kwargs.instance, dialect, findings);
    checkColumns(change.columns, dialect, findings);
    if (tables.living(change.uuid)) this.arrivals.note(change, findings);
    else this.arrivals.forget(change.uuid);
    return { uuid: change.uuid, store: (later) => applyUpdate(change, this.apply, later) };
  }

  private cellState(message: UpMessage, findings: Findings): ReturnType<Handler> {
    applyCellState(message.method, message.kwargs, { tables: this.options.tables, child: this.options.names.child }, findings);
    return { uuid: null };
  }
}

function applied(store: () => void): () => Stored {
  return () => {
    store();
    return 'applied';
  };
}

function uuidIn(kwargs: JsonObject): string | null {
  const uuid = kwargs.instance_uuid;
  return isText(uuid) ? uuid : null;
}
