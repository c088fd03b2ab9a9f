import { expect } from '@jest/globals';
import { kindOf } from '../errors.js';
import type { LaunchRequest } from '../launch.js';
import { type Bed, refusalOf } from './bed.js';
import { anImpossibleRequest } from './requests.js';
import type { Declare, Suite } from './suite.js';

/** Walks of all offerings that must suffice to have every one refused: vendors offer a few types at a time. */
const ENOUGH_WALKS = 100;

export function offeringsSuite(suite: Suite): void {
  suite.verb('offerings', (test) => {
    choices(test);
    zones(test);
    memory(test);
  });
}

/** Tries until nothing is offered any more; every zone must be full. */
export async function exhaust(bed: Bed, request: LaunchRequest): Promise<void> {
  for (let walk = 1; walk <= ENOUGH_WALKS; walk += 1) {
    const offered = await bed.provider.offerings(request).then(() => true, refusedForCapacity);
    if (!offered) return;
    expect(await refusalOf(bed.launchSomewhere(request))).toBe('capacity');
  }
  throw new Error(`after ${ENOUGH_WALKS} walks full offerings are still offered`);
}

function refusedForCapacity(error: unknown): false {
  if (kindOf(error) !== 'capacity') throw error;
  return false;
}

function choices(test: Declare): void {
  test('answers at least one, each with a key of its own, in zones of the shape', {}, async (bed) => {
    const offerings = await bed.provider.offerings(bed.aRequest());
    const zones = (await bed.provider.shape()).zones.map(({ name }) => name);

    expect(offerings.length).toBeGreaterThan(0);
    expect(new Set(offerings.map(({ key }) => key)).size).toBe(offerings.length);
    for (const { zone } of offerings) expect(zones).toContain(zone);
  });

  test('answers plain JSON, to be recorded', {}, async (bed) => {
    const offerings = await bed.provider.offerings(bed.aRequest());

    expect(JSON.parse(JSON.stringify(offerings))).toEqual(offerings);
  });

  test('says invalid for a flavor that nothing fits', {}, async (bed) => {
    expect(await refusalOf(bed.provider.offerings(anImpossibleRequest(bed.aRequest())))).toBe('invalid');
  });

  test('starts nothing', {}, async (bed) => {
    await bed.provider.offerings(bed.aRequest());

    expect(await bed.listed()).toEqual([]);
  });
}

function zones(test: Declare): void {
  test('stays in the zone that the user asked for', {}, async (bed) => {
    for (const { name } of (await bed.provider.shape()).zones) {
      const offerings = await bed.provider.offerings(bed.aRequest({ zone: name }));

      expect([...new Set(offerings.map(({ zone }) => zone))]).toEqual([name]);
    }
  });

  test('stays in the zone of the volumes that it is to get', {}, async (bed) => {
    for (const { name } of (await bed.provider.shape()).zones) {
      const offerings = await bed.provider.offerings(bed.aRequest({ volumesZone: name }));

      expect([...new Set(offerings.map(({ zone }) => zone))]).toEqual([name]);
    }
  });

  test('says capacity when an operator has disabled the zone of its volumes', {}, async (bed) => {
    const { zone } = await bed.bestOffering(bed.aRequest());

    expect(await refusalOf(bed.provider.offerings(bed.aRequest({ volumesZone: zone, disabledZones: [zone] })))).toBe('capacity');
  });

  test('leaves out the zones that an operator has disabled', {}, async (bed) => {
    const { zone } = await bed.bestOffering(bed.aRequest());

    const offerings = await bed.provider.offerings(bed.aRequest({ disabledZones: [zone] })).catch((error: unknown) => {
      if (kindOf(error) !== 'capacity') throw error;
      return [];
    });

    expect(offerings.map((offering) => offering.zone)).not.toContain(zone);
  });

  test('says capacity when every zone is disabled', {}, async (bed) => {
    const disabledZones = (await bed.provider.shape()).zones.map(({ name }) => name);

    expect(await refusalOf(bed.provider.offerings(bed.aRequest({ disabledZones })))).toBe('capacity');
  });

  test('says invalid for a zone that does not exist', {}, async (bed) => {
    expect(await refusalOf(bed.provider.offerings(bed.aRequest({ zone: 'no-such-zone' })))).toBe('invalid');
  });
}

function memory(test: Declare): void {
  test('leaves out what a launch was refused for capacity', { needs: ['room'] }, async (bed) => {
    const request = bed.aRequest();
    const launch = await bed.frozen(request);
    await bed.full(launch.offering.zone);

    expect(await refusalOf(bed.provider.launch(launch))).toBe('capacity');

    const keys = (await bed.provider.offerings(request)).map(({ key }) => key);
    expect(keys).not.toContain(launch.offering.key);
  });

  test('says capacity when all were refused lately', { needs: ['room'] }, async (bed) => {
    const request = bed.aRequest();
    await bed.fullEverywhere();

    await exhaust(bed, request);

    expect(await refusalOf(bed.provider.offerings(request))).toBe('capacity');
  });
}
