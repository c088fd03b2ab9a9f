import { expect } from '@jest/globals';
import type { ProviderAbility } from '../../abilities.js';
import type { CallOptions } from '../../provider.js';
import { answeredOrRepeatable, type Bed, refusalOf } from '../bed.js';
import type { Declare } from '../suite.js';

/** One call of an ability, with the arguments that a test of it would give. */
export type AbilityCall = (bed: Bed, providerId: string, options?: CallOptions) => Promise<unknown>;

/** What holds for every ability that changes one machine, whatever it does. */
export function refusesAsAll(test: Declare, ability: ProviderAbility, call: AbilityCall): void {
  refusesUnsent(test, ability, call);

  test(`${ability} says conflict or not-found once the machine has ended`, {}, async (bed) => {
    const { providerId } = await bed.launchFor(ability);
    await bed.end(providerId);

    expect(['conflict', 'not-found']).toContain(await refusalOf(call(bed, providerId)));
    expect(await bed.alive()).toEqual([]);
  });
}

/** What holds also for one that only reads, or that has nothing left to do where the machine has ended. */
export function refusesUnsent(test: Declare, ability: ProviderAbility, call: AbilityCall): void {
  test(`${ability} says not-found for an unknown id`, {}, async (bed) => {
    expect(await refusalOf(call(bed, bed.unknownId))).toBe('not-found');
  });

  test(`${ability} that was aborted before says unavailable, and the machine runs on`, {}, async (bed) => {
    const { providerId } = await bed.launchFor(ability);

    expect(await refusalOf(call(bed, providerId, { signal: AbortSignal.abort() }))).toBe('unavailable');
    expect(await bed.observed(providerId)).toMatchObject({ state: 'running' });
  });
}

/** For an ability of a single request: the vendor's refusal is passed on. */
export function passesOnRefusals(test: Declare, ability: ProviderAbility, call: AbilityCall): void {
  test(`${ability} says unauthorized when the vendor does, and the machine runs on`, { needs: ['faults'] }, async (bed) => {
    const { providerId } = await bed.launchFor(ability);
    await bed.fault({ on: ability, when: 'before', error: 'unauthorized' });

    expect(await refusalOf(call(bed, providerId))).toBe('unauthorized');
    expect(await bed.observed(providerId)).toMatchObject({ state: 'running' });
  });
}

/** Makes a call whose reply is lost, and then the same once more. */
export async function twiceWithLostReply<T>(bed: Bed, ability: ProviderAbility, call: () => Promise<T>): Promise<T> {
  await bed.fault({ on: ability, when: 'after', error: 'connection-reset' });
  await answeredOrRepeatable(call());
  return call();
}
