import { randomUUID } from 'node:crypto';
import { Simulator } from '@burstcell/provider/simulator';
import type { JsonObject } from '@burstcell/store';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { submissionUnit } from '../../src/operations/submit.js';
import { verbs } from '../../src/operations/verbs.js';
import { Leftovers } from '../../src/reconcile/leftovers.js';
import { Strays } from '../../src/reconcile/strays.js';
import { Sweep } from '../../src/reconcile/sweep.js';
import { Fate } from './replica.js';
import { World } from './world.js';

const RUNS = 60;
const LARGE = { id: 2, flavorid: '2', name: 'm1.small', memory_mb: 2_048, vcpus: 2, root_gb: 20, ephemeral_gb: 0, swap: 0 };
const HOUR_MS = 3_600_000;

/** Verbs as a parent may send them at any time, rightly or not: its own picture can be old. */
const VERBS: readonly (readonly [verb: string, parameters: JsonObject])[] = [
  ['start', {}],
  ['stop', {}],
  ['reboot-soft', {}],
  ['reboot-hard', {}],
  ['pause', {}],
  ['unpause', {}],
  ['suspend', {}],
  ['resume', {}],
  ['rescue', {}],
  ['unrescue', {}],
  ['resize', { flavor: LARGE }],
  ['confirm-resize', {}],
  ['revert-resize', {}],
  ['rebuild', { image_href: 'other' }],
  ['shelve', {}],
  ['unshelve', {}],
  ['soft-delete', {}],
  ['restore', {}],
  ['delete', {}],
];

type Step =
  | { readonly do: 'verb'; readonly at: number; readonly redelivered: boolean }
  | { readonly do: 'work'; readonly dieAt: number; readonly when: 'before' | 'after' }
  | { readonly do: 'settle' }
  | { readonly do: 'outside'; readonly what: 'stop' | 'terminate' }
  | { readonly do: 'lose-reply'; readonly on: 'launch' | 'stop' | 'start' | 'terminate' };

const aStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('verb' as const), at: fc.nat(VERBS.length - 1), redelivered: fc.boolean() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('work' as const),
      dieAt: fc.integer({ min: 1, max: 6 }),
      when: fc.constantFrom('before' as const, 'after' as const),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ do: 'settle' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('outside' as const), what: fc.constantFrom('stop' as const, 'terminate' as const) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('lose-reply' as const),
      on: fc.constantFrom('launch' as const, 'stop' as const, 'start' as const, 'terminate' as const),
    }),
  },
);

let world: World;
let sweep: Sweep;

beforeAll(async () => {
  world = await World.make();
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const provider = new Simulator({ cloud: world.cloud, cellName: 'ec2' });
  const now = () => new Date(Date.now() + HOUR_MS);
  const strays = new Strays({ store: world.store, provider, log, policy: 'report', databaseSince: new Date(0), now });
  const leftovers = new Leftovers({ provider, log, policy: 'report', observeOnly: false, now });
  sweep = new Sweep({ store: world.store, provider, strays, leftovers, log, holder: 'test', intervalMs: 60_000, now });
});

afterAll(() => world.close());

/** One instance and what its parent believes of it: what was last reported. */
class Life {
  readonly uuid = randomUUID();
  parent: { readonly vm: string | null; readonly task: string | null } | 'gone' | undefined;
  mostMachines = 0;

  async take(step: Step): Promise<void> {
    switch (step.do) {
      case 'verb':
        return this.send(step.at, step.redelivered);
      case 'work':
        await world.work(new Fate({ at: step.dieAt, when: step.when }));
        break;
      case 'settle':
        await world.settle(this.uuid, new Fate(), { reclaimMs: HOUR_MS });
        break;
      case 'outside':
        return this.meddle(step.what);
      default:
        world.cloud.fault({ on: step.on, when: 'after', error: 'connection-reset' });
    }
    this.count();
    await this.listen();
  }

  async end(): Promise<void> {
    world.cloud.clearFaults();
    await world.settle(this.uuid, new Fate(), { reclaimMs: HOUR_MS });
    world.clock.advance(10_000);
    // What was changed outside is found by the sweeps, the second of which believes what the first has missed.
    for (let round = 0; round < 2; round += 1) {
      await sweep.sweep();
      await world.settle(this.uuid, new Fate(), { reclaimMs: HOUR_MS });
    }
    this.count();
    await this.listen();
  }

  private async send(at: number, redelivered: boolean): Promise<void> {
    const [verb, parameters] = VERBS[at] ?? ['stop', {}];
    const cause = randomUUID();
    const origin = { requestId: `req-${cause}`, userId: 'u', projectId: 'p' };
    const submission = { messageUuid: cause, method: verb, intents: [{ verb, uuid: this.uuid, parameters, cause, origin }] };
    const unit = submissionUnit(submission, verbs, { buildMs: HOUR_MS, verbMs: HOUR_MS }, new Date());
    await world.store.commit(unit);
    if (redelivered) expect(await world.store.commit(unit)).toBe('duplicate');
  }

  private meddle(what: 'stop' | 'terminate'): void {
    const machine = world.living(this.uuid)[0];
    if (machine === undefined || machine.state !== 'running') return;
    if (what === 'stop') world.cloud.stopOutside(machine.providerId);
    else world.cloud.terminateOutside(machine.providerId);
  }

  private count(): void {
    this.mostMachines = Math.max(this.mostMachines, world.living(this.uuid).length);
  }

  /** The parent takes what is said, each as the rows stand when it is said. */
  private async listen(): Promise<void> {
    for (;;) {
      const entries = await world.store.outbox.claim({ holder: 'test', leaseMs: 1_000, limit: 100 });
      for (const entry of entries.filter((each) => each.uuid === this.uuid)) {
        if (entry.kind === 'gone') this.parent = 'gone';
        if (entry.kind !== 'state' || this.parent === 'gone') continue;
        const view = await world.view(this.uuid);
        if (view.deleted === 0) this.parent = { vm: view.vm_state, task: view.task_state };
      }
      await world.store.outbox.sent(entries);
      if (entries.length === 0) return;
    }
  }
}

describe('any interleaving of verbs, deaths, lost replies, redeliveries and meddling', () => {
  it('ends with row, parent and provider agreed, no task, and never a second machine', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(aStep, { minLength: 1, maxLength: 14 }), async (steps) => {
        const life = new Life();
        await world.submit(life.uuid, 'build');
        for (const step of steps) await life.take(step);
        await life.end();

        const view = await world.view(life.uuid);
        const machine = world.living(life.uuid)[0];
        expect(life.mostMachines).toBeLessThanOrEqual(1);
        expect(view.task_state).toBeNull();
        expect(life.parent).toEqual(view.deleted === 0 ? { vm: view.vm_state, task: null } : 'gone');
        expect(machine?.state ?? 'none').toBe(wanted(view.deleted === 0 ? view.vm_state : 'deleted', machine?.state));
      }),
      { numRuns: RUNS },
    );
  }, 240_000);
});

/** The machine's state that goes with a vm_state; an instance in ERROR may have any machine, or none. */
function wanted(vmState: string | null, seen: string | undefined): string {
  switch (vmState) {
    case 'active':
      return 'running';
    case 'stopped':
    case 'soft-delete':
      return 'stopped';
    case 'paused':
      return 'paused';
    case 'suspended':
      return 'suspended';
    case 'resized':
    case 'rescued':
      return seen === 'stopped' ? 'stopped' : 'running';
    case 'error':
      return seen ?? 'none';
    default:
      return 'none';
  }
}
