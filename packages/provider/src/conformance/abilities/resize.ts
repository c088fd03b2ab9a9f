import { expect } from '@jest/globals';
import type { ProviderInstance } from '../../observed.js';
import { type Bed, fixedAddressesOf, refusalOf } from '../bed.js';
import { anImpossibleRequest } from '../requests.js';
import type { Declare, Suite } from '../suite.js';
import { refusesAsAll } from './common.js';

const POWERS = ['running', 'stopped'] as const;
/** A name that no vendor gives a size. */
const NO_SIZE = 'no-such-size';

/** Another size, in as many calls as it takes, and back. */
export function resizeSuite(suite: Suite): void {
  suite.ability('resize', ['sizes', 'resize'], (test) => {
    sizes(test);
    resizes(test);
    repeats(test);
    room(test);
    refusesAsAll(test, 'resize', (bed, providerId, options) => bed.can.resize(providerId, NO_SIZE, 'running', options));
  });
}

function sizes(test: Declare): void {
  test('can take one of the sizes that are named for a flavor, each once', {}, async (bed) => {
    const { providerId, size } = await bed.launchFor('resize');

    const names = await bed.can.sizes(providerId, bed.otherFlavor);

    expect(names.length).toBeGreaterThan(0);
    expect(new Set(names).size).toBe(names.length);
    expect(names).not.toContain(size);
  });

  test('says of a flavor that nothing fits invalid or unsupported', {}, async (bed) => {
    const { providerId } = await bed.launchFor('resize');
    const { flavor } = anImpossibleRequest(bed.aRequest());

    expect(['invalid', 'unsupported']).toContain(await refusalOf(bed.can.sizes(providerId, flavor)));
  });

  test('says not-found for an unknown id when asked for sizes', {}, async (bed) => {
    expect(await refusalOf(bed.can.sizes(bed.unknownId, bed.otherFlavor))).toBe('not-found');
  });

  test('changes nothing by naming sizes', {}, async (bed) => {
    const before = await bed.launchFor('resize');

    await bed.can.sizes(before.providerId, bed.otherFlavor);

    expect(await bed.observed(before.providerId)).toMatchObject({ state: 'running', size: before.size });
  });

  test('says invalid or unsupported for a size that does not exist, and the machine runs on', {}, async (bed) => {
    const { providerId, size } = await bed.launchFor('resize');

    expect(['invalid', 'unsupported']).toContain(await refusalOf(bed.can.resize(providerId, NO_SIZE, 'running')));
    await bed.settle(providerId, 'running');
    expect(await bed.observed(providerId)).toMatchObject({ size });
  });
}

function resizes(test: Declare): void {
  for (const power of POWERS) {
    test(`brings a running machine to that size and to ${power}: same id, zone and fixed addresses`, {}, async (bed) => {
      const before = await bed.launchFor('resize');
      const size = await otherSize(bed, before);

      await bed.finish(() => bed.can.resize(before.providerId, size, power));

      await expectResized(bed, before, { size, state: power });
    });

    test(`brings a stopped machine to that size and to ${power}`, {}, async (bed) => {
      const before = await bed.launchFor('resize');
      const size = await otherSize(bed, before);
      await bed.stop(before.providerId);

      await bed.finish(() => bed.can.resize(before.providerId, size, power));

      await expectResized(bed, before, { size, state: power });
    });
  }

  test('goes back to the size it had', {}, async (bed) => {
    const before = await bed.launchFor('resize');
    const size = await otherSize(bed, before);
    await bed.finish(() => bed.can.resize(before.providerId, size, 'running'));

    await bed.finish(() => bed.can.resize(before.providerId, before.size ?? '', 'running'));

    await expectResized(bed, before, { size: before.size, state: 'running' });
  });
}

function repeats(test: Declare): void {
  test('is done at once when the machine has the size already', {}, async (bed) => {
    const before = await bed.launchFor('resize');
    const size = await otherSize(bed, before);
    await bed.finish(() => bed.can.resize(before.providerId, size, 'running'));

    expect(await bed.can.resize(before.providerId, size, 'running')).toBe('done');
    await expectResized(bed, before, { size, state: 'running' });
  });

  test('is finished by a replica after a crash between its steps', {
    needs: ['replicas', 'pace'],
    make: { pace: 'slow' },
  }, async (bed) => {
    const before = await bed.launchFor('resize');
    const size = await otherSize(bed, before);
    expect(await bed.can.resize(before.providerId, size, 'running')).toBe('under-way');

    const replica = bed.canDo(await bed.replica());
    await bed.finish(() => replica.resize(before.providerId, size, 'running'));

    await expectResized(bed, before, { size, state: 'running' });
  });

  test('ends in one new size when replies are lost and it is repeated', { needs: ['faults'] }, async (bed) => {
    const before = await bed.launchFor('resize');
    const size = await otherSize(bed, before);
    await bed.fault({ on: 'resize', when: 'after', error: 'connection-reset', times: 2 });

    await bed.finish(() => bed.can.resize(before.providerId, size, 'running'));

    await expectResized(bed, before, { size, state: 'running' });
  });

  test('ends in one new size when requests are lost and it is repeated', { needs: ['faults'] }, async (bed) => {
    const before = await bed.launchFor('resize');
    const size = await otherSize(bed, before);
    await bed.fault({ on: 'resize', when: 'before', error: 'connection-reset', times: 2 });

    await bed.finish(() => bed.can.resize(before.providerId, size, 'running'));

    await expectResized(bed, before, { size, state: 'running' });
  });
}

function room(test: Declare): void {
  test('says capacity when the new size has no room, and the machine can be started again', { needs: ['room'] }, async (bed) => {
    const machine = await bed.launchFor('resize');
    const size = await otherSize(bed, machine);
    await bed.stop(machine.providerId);
    await bed.full(machine.zone);

    const refusal = await refusalOf(bed.finish(() => bed.can.resize(machine.providerId, size, 'running')));
    expect(refusal).toBe('capacity');
    await bed.settle(machine.providerId, 'stopped');

    await bed.full(machine.zone, 1);
    await bed.provider.start(machine.providerId);
    await bed.settle(machine.providerId, 'running');
  });
}

async function otherSize(bed: Bed, { providerId }: ProviderInstance): Promise<string> {
  const [size] = await bed.can.sizes(providerId, bed.otherFlavor);
  if (size === undefined) throw new Error('sizes() must refuse rather than answer nothing');
  return size;
}

async function expectResized(
  bed: Bed,
  before: ProviderInstance,
  expected: Pick<ProviderInstance, 'size' | 'state'>,
): Promise<void> {
  const after = await bed.observed(before.providerId);
  expect(after).toMatchObject({ ...expected, zone: before.zone });
  expect(fixedAddressesOf(after)).toEqual(fixedAddressesOf(before));
  expect(await bed.alive()).toHaveLength(1);
}
