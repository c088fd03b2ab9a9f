import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { ABORT_PATIENCE_MS, ON_ITS_WAY_MS } from '../timings.js';
import { only, refusalOf } from './bed.js';
import type { Declare, Suite } from './suite.js';

/** An abort ends the wait and never the effect. */
export function abortSuite(suite: Suite): void {
  suite.verb('abort signal', (test) => {
    abortedBefore(test);
    abortedWhileWaiting(test);
  });
}

function abortedBefore(test: Declare): void {
  test('aborted before a launch: nothing is started', {}, async (bed) => {
    const launch = await bed.frozen();

    expect(await refusalOf(bed.provider.launch(launch, { signal: AbortSignal.abort() }))).toBe('unavailable');
    expect(await bed.listed()).toEqual([]);
  });

  test('aborted before a verb: the machine stays as it is', {}, async (bed) => {
    const { machine } = await bed.launchRunning();
    const aborted = { signal: AbortSignal.abort() };

    expect(await refusalOf(bed.provider.stop(machine.providerId, aborted))).toBe('unavailable');
    expect(await refusalOf(bed.provider.reboot(machine.providerId, aborted))).toBe('unavailable');
    expect(await refusalOf(bed.provider.terminate(machine.providerId, aborted))).toBe('unavailable');
    expect(await bed.observed(machine.providerId)).toMatchObject({ state: 'running' });
  });

  test('aborted before a read: it is refused, never answered empty', {}, async (bed) => {
    const { machine } = await bed.launchRunning();
    const aborted = { signal: AbortSignal.abort() };

    expect(await refusalOf(bed.provider.describe([machine.providerId], aborted))).toBe('unavailable');
    expect(await refusalOf(bed.provider.list(undefined, aborted))).toBe('unavailable');
  });
}

function abortedWhileWaiting(test: Declare): void {
  test('ends the wait for a launch, which the same launch settles later', { needs: ['silence'] }, async (bed) => {
    const launch = await bed.frozen();
    await bed.fault({ on: 'launch', when: 'after', error: 'silence' });

    await expectSoonUnavailable((signal) => bed.provider.launch(launch, { signal }));
    const settled = await bed.provider.launch(launch);

    expect(only(await bed.alive()).providerId).toBe(only([...settled.values()]).providerId);
  });

  test('ends the wait for a read', { needs: ['silence'] }, async (bed) => {
    const { machine } = await bed.launchRunning();
    await bed.fault({ on: 'describe', when: 'before', error: 'silence' });

    await expectSoonUnavailable((signal) => bed.provider.describe([machine.providerId], { signal }));
  });

  test('ends the wait for a termination, which can be repeated', { needs: ['silence'] }, async (bed) => {
    const { machine } = await bed.launchRunning();
    await bed.fault({ on: 'terminate', when: 'before', error: 'silence' });

    await expectSoonUnavailable((signal) => bed.provider.terminate(machine.providerId, { signal }));
    await bed.provider.terminate(machine.providerId);

    await bed.settle(machine.providerId, 'terminated');
  });
}

/** Aborts once the call is on its way; the wait must then end by itself. */
async function expectSoonUnavailable(call: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
  const controller = new AbortController();
  const refusal = refusalOf(call(controller.signal));
  await sleep(ON_ITS_WAY_MS);
  controller.abort();

  const patience = sleep(ABORT_PATIENCE_MS, 'still waiting', { ref: false });
  expect(await Promise.race([refusal, patience])).toBe('unavailable');
}
