import type { ImportImage, Provider, ProviderAbility } from '@burstcell/provider';
import { type SimulatedCloud, Simulator } from '@burstcell/provider/simulator';
import type { Store } from '@burstcell/store';
import type { ImageService } from '../../src/images/image-service.js';
import { runOperation } from '../../src/operations/runner.js';
import type { Tools } from '../../src/operations/verb.js';
import { verbs } from '../../src/operations/verbs.js';
import { Watcher } from '../../src/reconcile/watcher.js';
import type { SecurityGroupService } from '../../src/security-groups.js';
import type { Volumes } from '../../src/volumes.js';
import { volumesWithoutCinder } from '../support/no-cinder.js';
import { coreTools } from '../support/tools.js';

/** Thrown at the moment of death, and by everything a dead replica still tries. */
export class Death extends Error {}

/**
 * How a replica's life ends: at the n-th effect outside the process, either just before it or just
 * after it, when the effect is there and nobody heard of it.
 */
export class Fate {
  effects = 0;
  private dead = false;

  constructor(private readonly death?: { readonly at: number; readonly when: 'before' | 'after' }) {}

  get isDead(): boolean {
    return this.dead;
  }

  async effect<T>(work: () => Promise<T>): Promise<T> {
    if (this.dead) throw new Death();
    this.effects += 1;
    const isLast = this.effects === this.death?.at;
    if (isLast && this.death?.when === 'before') this.die();
    const result = await work();
    if (isLast) this.die();
    return result;
  }

  private die(): never {
    this.dead = true;
    throw new Death();
  }
}

export interface ReplicaOptions {
  /** Abilities its provider lacks. */
  readonly without?: readonly ProviderAbility[];
  readonly reclaimMs?: number;
  readonly images?: ImageService | null;
  /** What its provider does with images that it has no counterpart of. */
  readonly importImage?: ImportImage;
  readonly observeOnly?: boolean;
  /** Why the parent cannot be told of adopted servers. */
  readonly refusesAdoption?: string;
  /** What passes of the cell's time between two rounds. */
  readonly paceMs?: number;
  readonly volumes?: Volumes;
  readonly securityGroups?: SecurityGroupService;
}

/** Leases this short are over at once: the next replica need not wait for a dead one's. */
const LEASE_MS = 1;

/** One process's worth of the core, run by hand: takes what is due, looks at machines, until nothing is left to do. */
export class Replica {
  private readonly tools: Tools;
  private readonly watcher: Watcher;

  constructor(
    private readonly world: { readonly store: Store; readonly cloud: SimulatedCloud; readonly now: () => Date },
    private readonly fate: Fate,
    options: ReplicaOptions = {},
  ) {
    const { without = [], reclaimMs = 0, volumes = volumesWithoutCinder(), images = null, importImage } = options;
    const { observeOnly = false, refusesAdoption } = options;
    const { now } = world;
    const store = mortal(world.store, fate);
    const simulator = new Simulator({ cloud: world.cloud, cellName: 'ec2', abilities: { without } });
    const provider = mortalProvider(importImage === undefined ? simulator : Object.assign(simulator, { importImage }), fate);
    this.tools = coreTools({
      store,
      provider,
      now,
      images: images === null ? null : mortalImages(images, fate),
      volumes: mortalCalls(volumes, fate, ['make', 'reserve', 'attached', 'beginDetaching', 'rollDetaching', 'free', 'remove']),
      securityGroups: options.securityGroups ?? null,
      reclaimMs,
      parent: {
        deliver: async (entries) => entries.map(() => 'taken'),
        adoption: () => (refusesAdoption === undefined ? { parts: 3 } : { refusal: refusesAdoption }),
        publicKey: async () => null,
      },
      observeOnly,
    });
    this.watcher = new Watcher({ ...this.tools, holder: 'test' });
  }

  /** Works until nothing is due, or until it dies. */
  async work(): Promise<void> {
    for (;;) {
      const claimed = await this.world.store.operations.claim({ holder: 'test', leaseMs: LEASE_MS, limit: 10 });
      for (const operation of claimed) await this.run(operation);
      if (this.fate.isDead || claimed.length === 0) return;
    }
  }

  /** The watcher's turn. */
  async look(): Promise<void> {
    try {
      await this.watcher.look();
    } catch (error) {
      if (!(error instanceof Death)) throw error;
    }
  }

  private async run(operation: Parameters<typeof runOperation>[2]['operation']): Promise<void> {
    const { store } = this.world;
    const uuid = operation.instanceUuid;
    const claimed = {
      operation,
      instance: (await store.instances.views([uuid])).get(uuid),
      machine: (await store.providerInstances.of([uuid])).get(uuid),
    };
    try {
      await runOperation(this.tools, verbs, claimed, new AbortController().signal);
    } catch (error) {
      if (!this.fate.isDead) throw error;
    }
  }
}

function mortal(store: Store, fate: Fate): Store {
  return { ...store, commit: (unit) => fate.effect(() => store.commit(unit)) };
}

function mortalImages(images: ImageService, fate: Fate): ImageService {
  return {
    fill: (...call) => fate.effect(() => images.fill(...call)),
    remove: (...call) => fate.effect(() => images.remove(...call)),
    find: (...call) => images.find(...call),
    named: (...call) => images.named(...call),
    source: (...call) => images.source(...call),
    probe: (signal) => images.probe(signal),
  };
}

function mortalProvider(provider: Provider, fate: Fate): Provider {
  const effects = [
    ...['launch', 'start', 'stop', 'reboot', 'terminate', 'pause', 'unpause', 'suspend', 'resume', 'resize', 'rebuild'],
    ...[
      'rescue',
      'unrescue',
      'snapshot',
      'deleteSnapshot',
      'bootFromVolume',
      'attachVolume',
      'detachVolume',
      'addFixedIp',
      'removeFixedIp',
      'protect',
    ],
    ...['adopt', 'release', 'prepareSecurityGroups'],
  ];
  return mortalCalls(provider, fate, effects);
}

/** The same, of which some calls are effects outside the process. */
function mortalCalls<T extends object>(service: T, fate: Fate, effects: readonly string[]): T {
  return new Proxy(service, {
    get(target, name) {
      const value = Reflect.get(target, name) as unknown;
      if (typeof value !== 'function') return value;
      const call = (...args: unknown[]) => Reflect.apply(value, target, args) as Promise<unknown>;
      return effects.some((effect) => effect === name) ? (...args: unknown[]) => fate.effect(() => call(...args)) : call;
    },
  });
}
