import { setTimeout as delay } from 'node:timers/promises';
import type { DemoParent, Shown } from '../demo-parent/demo-parent.js';
import type { Json, JsonObject } from '../demo-parent/json.js';
import type { Release } from '../demo-parent/releases.js';
import type { InstanceRow } from '../demo-parent/tables.js';
import { formOf, type Wish } from '../demo-parent/verb-forms.js';
import type { ScratchDatabase } from '../support/scratch-database.js';
import { LOOK_MS, REST_MS } from './timings.js';

/** The verb came to its end, and the end is a refusal that says why. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

/** One release's parent with the cell below it, and what every case needs of them. */
export class World {
  constructor(
    readonly parent: DemoParent,
    readonly database: ScratchDatabase,
  ) {}

  get release(): Release {
    return this.parent.dialect.release;
  }

  /** A new server that rests in ACTIVE. */
  async active(flavor = 'm1.tiny'): Promise<string> {
    const [uuid = ''] = await this.parent.api.boot({ name: 'one', flavor });
    await this.shows(uuid, 'active');
    return uuid;
  }

  /** Sends a verb in the words of this release. */
  send(verb: string, uuid: string, wish: Wish = {}): Promise<Json> {
    return this.parent.api.verb(verb, uuid, formOf(verb, this.release, wish));
  }

  /** Sends a verb and waits until it rests in that state; rejects with {@link Refused} when the cell says no. */
  async drive(verb: string, uuid: string, vmState: string, wish: Wish = {}): Promise<Shown> {
    await this.send(verb, uuid, wish);
    return this.rest(uuid, vmState);
  }

  /** The verb sent last has ended, as its action says, and the parent shows this state and no task. */
  async rest(uuid: string, vmState: string): Promise<Shown> {
    const refusal = await this.refusalOf(uuid);
    if (refusal !== null) {
      await this.parent.waitFor(uuid, (shown) => shown?.taskState === null, REST_MS);
      throw new Refused(refusal);
    }
    return this.shows(uuid, vmState);
  }

  /** The parent shows that state and no task; if it never does, the cell's own view is told too. */
  async shows(uuid: string, vmState: string): Promise<Shown> {
    try {
      return await this.parent.waitForState(uuid, vmState, REST_MS);
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : error}\nthe cell has: ${await this.ownView(uuid)}`);
    }
  }

  private async ownView(uuid: string): Promise<string> {
    const look = (text: string) => this.database.query(text, [uuid]);
    const row = await look('select vm_state, task_state, host, launched_at from instances where uuid = $1');
    const verbs = await look('select * from operations where instance_uuid = $1 order by id');
    const outbox = await look('select * from outbox where instance_uuid = $1');
    return JSON.stringify({ row, verbs, outbox });
  }

  /** Why the last verb of that server was refused; null when it went well. Waits for its end. */
  private async refusalOf(uuid: string): Promise<string | null> {
    const requestId = this.parent.api.requestIds.get(uuid) ?? '';
    return eventually(`the action of ${uuid} ends`, async () => {
      const action = await this.parent.admin.action(uuid, requestId);
      if (action === null) return undefined;
      const events = await this.parent.admin.actionEvents(action.id ?? null);
      if (events.length === 0 || events.some(({ finish_time: at }) => at === null)) return undefined;
      if (events.every(({ result }) => result !== 'Error')) return null;
      // Read again: the reason is written when the events end, which may be after the first reading.
      const ended = await this.parent.admin.action(uuid, requestId);
      return String(ended?.message ?? 'no reason was given');
    });
  }

  readonly eventually = eventually;

  /** The row of the parent. */
  row(uuid: string): InstanceRow {
    const row = this.parent.tables.instances.get(uuid);
    if (row === undefined) throw new Error(`the parent has no instance ${uuid}`);
    return row;
  }

  /** Waits until the parent's row is as wanted. */
  until(what: string, condition: () => boolean): Promise<void> {
    return this.parent.waitUntil(condition, `not seen: ${what}`, REST_MS);
  }

  /** Waits until the cell's own row is as wanted. */
  async ownRow(uuid: string, condition: (row: JsonObject) => boolean): Promise<void> {
    await eventually(`the cell's row of ${uuid}`, async () => {
      const [row] = await this.database.query<JsonObject>('select * from instances where uuid = $1', [uuid]);
      return row !== undefined && condition(row) ? true : undefined;
    });
  }

  /** Neither the parent nor the cell has it any longer. */
  async gone(uuid: string): Promise<void> {
    await this.parent.waitForGone(uuid, REST_MS);
    await eventually(`the cell's row of ${uuid} goes`, async () => {
      const rows = await this.database.query('select 1 from instances where uuid = $1 and deleted = 0', [uuid]);
      return rows.length === 0 ? true : undefined;
    });
  }
}

/** Looks again and again until there is something to see. */
async function eventually<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const until = Date.now() + REST_MS;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (Date.now() > until) throw new Error(`not seen within ${REST_MS} ms: ${what}`);
    await delay(LOOK_MS);
  }
}
