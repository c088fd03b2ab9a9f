import { expect } from '@jest/globals';
import type { ProviderChange } from '../../changes.js';
import { type Bed, refusalOf } from '../bed.js';
import type { Suite } from '../suite.js';

export function changesSuite(suite: Suite): void {
  suite.ability('changes', ['changes'], (test) => {
    test('names a machine that came to run, and one that was stopped', {}, async (bed) => {
      const { machine } = await bed.launchRunning();
      await named(bed, machine.providerId);

      await bed.stop(machine.providerId);

      await named(bed, machine.providerId, ({ state }) => state === null || state === 'stopped');
    });

    test('names again what was not settled', {}, async (bed) => {
      const { machine } = await bed.launchRunning();
      await bed.until('a change', async () => (await bed.can.changes()).changes.find(isOf(machine.providerId)));

      await named(bed, machine.providerId);
    });

    test('names no more what was settled', {}, async (bed) => {
      const { machine } = await bed.launchRunning();
      await named(bed, machine.providerId, ({ state }) => state === null || state === 'running');
      await drained(bed);
      const other = await bed.launchRunning();

      const seen = await named(bed, other.machine.providerId);

      expect(seen.filter(isOf(machine.providerId))).toEqual([]);
    });

    test('says unavailable when it was aborted before', {}, async (bed) => {
      expect(await refusalOf(bed.can.changes({ signal: AbortSignal.abort() }))).toBe('unavailable');
    });
  });
}

const isOf = (providerId: string) => (change: ProviderChange) => change.providerId === providerId;

/** Takes and settles changes until this machine is among them; answers all that were seen. */
async function named(
  bed: Bed,
  providerId: string,
  isIt: (change: ProviderChange) => boolean = () => true,
): Promise<ProviderChange[]> {
  const seen: ProviderChange[] = [];
  return bed.until(`a change of ${providerId}`, async () => {
    const answer = await bed.can.changes();
    seen.push(...answer.changes);
    await answer.settle();
    await answer.settle();
    return answer.changes.some((change) => change.providerId === providerId && isIt(change)) ? seen : undefined;
  });
}

async function drained(bed: Bed): Promise<void> {
  await bed.until('an empty answer', async () => {
    const answer = await bed.can.changes();
    await answer.settle();
    return answer.changes.length === 0 ? true : undefined;
  });
}
