import { randomUUID } from 'node:crypto';
import {
  createEc2Provider,
  type Ec2ProviderConfig,
  LocalRefusals,
  parseEc2Options,
  type Refusals,
} from '@burstcell/provider-ec2';
import { defaultRegion, FakeEc2 } from '@burstcell/provider-ec2/fake';
import { isObject, type JsonObject } from '../demo-parent/json.js';
import { World } from '../releases/world.js';
import { startCellHere } from './cell-here.js';
import { Stage } from './stage.js';

/** Servers are booted where the volume is. */
export const ZONE = 'us-east-1a';
export const VOLUME_ID = '7a000000-0000-4000-8000-000000000002';

/** EC2's own times here: seen under way, and soon over. */
const BOOT_MS = 20;
const UPDATE_GAP_MS = 50;
/** The last word of an instance is said again after this: never within a run, for the parent stores in order. */
const SETTLE_MS = 60_000;

export interface Ec2CellOptions {
  readonly burst?: Readonly<Record<string, number>>;
  /** Options of `[ec2]` in place of the usual ones. */
  readonly ec2?: Readonly<Record<string, string>>;
  readonly glance?: Readonly<Record<string, string>>;
  /** What the provider has besides. */
  readonly parts?: Partial<Ec2ProviderConfig>;
}

/** A demo parent, a cell below it, and a fake EC2 that fails when it is told to. */
export class Ec2Cell {
  readonly fake = new FakeEc2({ delays: BOOT_MS });
  readonly world: World;
  private refusals = new LocalRefusals();

  private constructor(
    private readonly stage: Stage,
    private readonly parts: Partial<Ec2ProviderConfig>,
  ) {
    this.world = new World(stage.parent, stage.database);
  }

  static async start(name: string, { burst = {}, ec2: own, glance = {}, parts = {} }: Ec2CellOptions = {}): Promise<Ec2Cell> {
    const image = own ?? { default_ami: defaultRegion.images[0]?.imageId ?? '' };
    const ec2 = { region: 'us-east-1', max_candidates: 1, elastic_address: 'on-request', ...image };
    const stage = await Stage.set({
      // The last release without an API database of its own: fewer connections, and faults are the same in all.
      ...{ name, release: 'mitaka', withApiDatabase: false, parent: { storeDelayMs: 0 } },
      ini: { burst: { provider: 'ec2', ...burst }, ec2, glance },
    });
    try {
      const cell = new Ec2Cell(stage, parts);
      stage.atEnd(await cell.startCell(stage.cell.configFile));
      await stage.parent.waitForChild();
      return cell;
    } catch (error) {
      await stage.end();
      throw error;
    }
  }

  end(): Promise<void> {
    return this.stage.end();
  }

  /** As if minutes had passed since the last refusal. */
  forget(): void {
    this.refusals = new LocalRefusals();
    this.fake.clearInjections();
  }

  /** Free units by memory size, as the parent is told when it asks now; twice, for the first may have been under way. */
  async units(): Promise<JsonObject> {
    const { parent } = this.stage;
    const { child } = parent.tables;
    for (let told = 0; told < 2; told += 1) {
      const before = child.capacities;
      await parent.admin.announce();
      await parent.waitUntil(() => child.capacities !== before, 'the child did not tell its capacities');
    }
    const { ram_free: ram } = child.capacities;
    return isObject(ram) && isObject(ram.units_by_mb) ? ram.units_by_mb : {};
  }

  /** Machines that cost money, and addresses that no machine has. */
  living(): number {
    const machines = this.fake.snapshot().instances.filter(({ state }) => state !== 'terminated' && state !== 'shutting-down');
    const addresses = this.fake.elasticAddresses().filter(({ instanceId }) => instanceId === undefined);
    return machines.length + addresses.length;
  }

  /** Whether launches of this instance were made for more than one offering. */
  async isNextTried(uuid: string): Promise<boolean> {
    const text = `select distinct l.offering->>'key' as key from launch_members m join launches l on l.token = m.token
      where m.instance_uuid = $1`;
    return (await this.stage.database.query(text, [uuid])).length > 1;
  }

  private startCell(configFile: string): Promise<() => Promise<void>> {
    const sharedRefusals: Refusals = {
      mark: (key, untilMs) => this.refusals.mark(key, untilMs),
      current: () => this.refusals.current(),
    };
    const sharedBudget = { take: async () => {}, drain: () => {} };
    return startCellHere(configFile, {
      makeProvider: ({ cells, sections }) =>
        createEc2Provider({
          ...parseEc2Options(sections.ec2 ?? {}),
          ...{ cellName: cells.name, incarnation: randomUUID(), api: this.fake, sharedBudget, sharedRefusals },
          ...this.parts,
        }),
      volumeMap: { [VOLUME_ID]: this.fake.addVolume({ zone: ZONE }) },
      reportGapMs: UPDATE_GAP_MS,
      settleMs: SETTLE_MS,
    });
  }
}
