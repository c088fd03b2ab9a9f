import type { ProviderAbility } from '@burstcell/provider';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import type { ConsoleConfig } from '../../src/config/cell-config.js';
import { World } from '../operations/world.js';
import { GatewayBed } from './bed.js';

/** The world of one file of tests, and gateways in it that go when their test ends. */
export class Beds {
  private made: World | undefined;
  private readonly beds: GatewayBed[] = [];

  /** To be called once in a file, outside of its tests. */
  static ofThisFile(): Beds {
    const beds = new Beds();
    beforeAll(async () => {
      beds.made = await World.make();
    });
    afterEach(async () => {
      await Promise.all(beds.beds.splice(0).map(({ gateway }) => gateway.stop()));
    });
    afterAll(() => beds.world.close());
    return beds;
  }

  get world(): World {
    if (this.made === undefined) throw new Error('there is a world inside of tests only');
    return this.made;
  }

  readonly aBed = async (config: Partial<ConsoleConfig> = {}, without: readonly ProviderAbility[] = []): Promise<GatewayBed> => {
    const bed = new GatewayBed(this.world, config, without);
    await bed.start();
    this.beds.push(bed);
    return bed;
  };
}
