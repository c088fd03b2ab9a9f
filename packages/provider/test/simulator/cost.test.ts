import { SimulatedCloud, Simulator } from '@burstcell/provider/simulator';
import { describe, expect, it } from '@jest/globals';
import { aRequest, first } from './builders.js';

const MACHINES = 10_000;
/** Far above the cost of a launch, far below what would disturb a benchmark of 500 builds a second. */
const CPU_PER_BUILD_MS = 0.25;

describe('ten thousand machines', () => {
  it('cost a benchmark next to nothing, and listing them takes ten pages', async () => {
    const cloud = new SimulatedCloud();
    const provider = new Simulator({ cloud });
    const before = process.cpuUsage();

    for (let built = 0; built < MACHINES; built += 1) {
      const request = aRequest();
      const offering = first(await provider.offerings(request));
      await provider.launch(first(provider.freeze([request], offering, 1)));
    }

    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000 / MACHINES).toBeLessThan(CPU_PER_BUILD_MS);
    let [pages, next]: [number, string | undefined] = [0, undefined];
    do {
      next = (await provider.list(next)).next;
      pages += 1;
    } while (next !== undefined);
    expect(pages).toBe(10);
    expect(new Set(cloud.snapshot().flatMap(({ nics }) => nics.map(({ mac }) => mac))).size).toBe(MACHINES);
  });
});
