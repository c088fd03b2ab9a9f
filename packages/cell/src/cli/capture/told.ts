import {
  decodeResponse,
  type InterCellMessage,
  isJsonObject,
  type JsonObject,
  type ResponseItem,
  uuidOfInstance,
} from '@burstcell/wire';
import { type ToldRow, toldRow } from './told-row.js';

/** All that a cell says of one instance that is no state: faults by code, block devices by name. */
export interface ToldEvents {
  readonly faults: { readonly code: string; readonly message: string }[];
  readonly devices: Map<string, 'there' | 'gone'>;
}

/** What a parent has been told, as far as it means something: its rows, and what came in this turn. */
export class Told {
  readonly rows = new Map<string, ToldRow>();
  readonly gone = new Set<string>();
  /** Of this turn. */
  readonly events = new Map<string, ToldEvents>();
  /** Of this turn: instances something was said of. */
  readonly touched = new Set<string>();
  /** Of this turn: question's uuid → each cell's answer. */
  readonly answers = new Map<string, readonly ResponseItem[]>();
  /** Of this turn: method → how many messages. */
  readonly counts = new Map<string, number>();

  private readonly readers: Readonly<Record<string, (kwargs: JsonObject) => void>> = {
    instance_update_at_top: (kwargs) => this.takeUpdate(kwargs),
    instance_destroy_at_top: (kwargs) => this.takeDestroy(kwargs),
    instance_fault_create_at_top: (kwargs) => this.takeFault(kwargs),
    bdm_update_or_create_at_top: ({ bdm }) => this.takeDevice(isJsonObject(bdm) ? bdm : {}, 'there'),
    bdm_destroy_at_top: (kwargs) => this.takeDevice(kwargs, 'gone'),
  };

  /** A new turn: rows stay, for an update says only what has changed. */
  turn(): void {
    for (const part of [this.events, this.touched, this.answers, this.counts]) part.clear();
  }

  take(message: InterCellMessage): void {
    const { messageType, methodName, methodKwargs } = message;
    this.counts.set(methodName, (this.counts.get(methodName) ?? 0) + 1);
    if (messageType === 'response') this.takeAnswer(message);
    else this.readers[methodName]?.(methodKwargs);
  }

  private takeAnswer(message: InterCellMessage): void {
    const { responseUuid, items } = decodeResponse(message);
    this.answers.set(responseUuid, items);
  }

  private takeUpdate({ instance }: JsonObject): void {
    const uuid = uuidOfInstance(instance);
    if (uuid === null) return;
    this.touched.add(uuid);
    this.rows.set(uuid, { ...this.rows.get(uuid), ...toldRow(instance) });
  }

  private takeDestroy({ instance }: JsonObject): void {
    const uuid = uuidOfInstance(instance);
    if (uuid === null) return;
    this.touched.add(uuid);
    this.gone.add(uuid);
  }

  private takeFault({ instance_fault: fault }: JsonObject): void {
    if (!isJsonObject(fault)) return;
    this.eventsOf(String(fault.instance_uuid)).faults.push({ code: String(fault.code), message: String(fault.message) });
  }

  private takeDevice(bdm: JsonObject, state: 'there' | 'gone'): void {
    this.eventsOf(String(bdm.instance_uuid)).devices.set(String(bdm.device_name ?? bdm.volume_id), state);
  }

  private eventsOf(uuid: string): ToldEvents {
    this.touched.add(uuid);
    const events = this.events.get(uuid) ?? { faults: [], devices: new Map() };
    this.events.set(uuid, events);
    return events;
  }
}
