import { expect } from '@jest/globals';
import { answeredOrRepeatable, refusalOf } from './bed.js';
import type { Suite } from './suite.js';

export function rebootSuite(suite: Suite): void {
  suite.verb('reboot', (test) => {
    test('leaves the machine running, with its id and addresses', {}, async (bed) => {
      const { machine } = await bed.launchRunning();
      const before = await bed.observed(machine.providerId);

      await bed.provider.reboot(machine.providerId);

      expect(await bed.observed(machine.providerId)).toEqual(before);
    });

    test('may be repeated when the reply is lost', { needs: ['faults'] }, async (bed) => {
      const { machine } = await bed.launchRunning();
      await bed.fault({ on: 'reboot', when: 'after', error: 'connection-reset' });

      await answeredOrRepeatable(bed.provider.reboot(machine.providerId));
      await bed.provider.reboot(machine.providerId);

      expect(await bed.observed(machine.providerId)).toMatchObject({ state: 'running' });
    });

    test('says conflict for a stopped machine, and it stays stopped', {}, async (bed) => {
      const { machine } = await bed.launchRunning();
      await bed.provider.stop(machine.providerId);
      await bed.settle(machine.providerId, 'stopped');

      expect(await refusalOf(bed.provider.reboot(machine.providerId))).toBe('conflict');
      expect(await bed.observed(machine.providerId)).toMatchObject({ state: 'stopped' });
    });

    test('says not-found for an unknown id', {}, async (bed) => {
      expect(await refusalOf(bed.provider.reboot(bed.unknownId))).toBe('not-found');
    });
  });
}
