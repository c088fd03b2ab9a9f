import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import type { ProviderInstance } from '../../observed.js';
import { type Bed, only } from '../bed.js';
import type { Suite } from '../suite.js';
import { passesOnRefusals, refusesAsAll, twiceWithLostReply } from './common.js';

/** A public address of the machine's own, where policy wishes one for every machine. */
export function addressSuite(suite: Suite): void {
  suite.ability('ensureAddress', ['ensureAddress'], (test) => {
    test('gives one that describe shows once it is done, and the same one when it is asked for again', {}, async (bed) => {
      const { providerId } = await bed.launchFor('ensureAddress');

      await given(bed, providerId);
      const address = only(await floating(bed, providerId));
      await given(bed, providerId);

      expect(await floating(bed, providerId)).toEqual([address]);
    });

    test('is kept while the machine is stopped, and when it starts again', {}, async (bed) => {
      const { providerId } = await bed.launchFor('ensureAddress');
      await given(bed, providerId);
      const before = await floating(bed, providerId);

      await bed.stop(providerId);
      expect(await floating(bed, providerId)).toEqual(before);

      await bed.provider.start(providerId);
      await bed.settle(providerId, 'running');
      expect(await floating(bed, providerId)).toEqual(before);
    });

    test('is one only when the reply is lost and a replica repeats it', { needs: ['faults', 'replicas'] }, async (bed) => {
      const { providerId } = await bed.launchFor('ensureAddress');
      const replica = bed.canDo(await bed.replica());
      const calls = [bed.can, replica].map((provider) => () => provider.ensureAddress(providerId, aWish()));

      await twiceWithLostReply(bed, 'ensureAddress', async () => calls.shift()?.());
      await given(bed, providerId);

      expect(await floating(bed, providerId)).toHaveLength(1);
      expect((await bed.provider.leftovers?.()) ?? []).toEqual([]);
    });

    test('leaves nothing when the machine is ended', {}, async (bed) => {
      const { providerId } = await bed.launchFor('ensureAddress');
      await given(bed, providerId);

      await bed.end(providerId);

      expect((await bed.provider.leftovers?.()) ?? []).toEqual([]);
      expect(await bed.alive()).toEqual([]);
    });

    refusesAsAll(test, 'ensureAddress', (bed, providerId, options) => bed.can.ensureAddress(providerId, aWish(), options));
    passesOnRefusals(test, 'ensureAddress', (bed, providerId) => bed.can.ensureAddress(providerId, aWish()));
  });
}

const aWish = () => ({ uuid: randomUUID(), metadata: {} });

async function given(bed: Bed, providerId: string): Promise<void> {
  const wish = aWish();
  await bed.finish(async () => {
    const progress = await bed.can.ensureAddress(providerId, wish);
    if (progress === 'not-wished') throw new Error('the setup must wish an address for every machine');
    return progress;
  });
}

async function floating(bed: Bed, providerId: string): Promise<readonly string[]> {
  const { nics = [] } = (await bed.observed(providerId)) ?? ({} as Partial<ProviderInstance>);
  return nics.flatMap(({ addresses }) => addresses.flatMap(({ type, address }) => (type === 'floating' ? [address] : [])));
}
