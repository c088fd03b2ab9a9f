import { expect } from '@jest/globals';
import { kindOf, type ProviderErrorKind } from '../errors.js';
import type { Launch } from '../launch.js';
import { answeredOrRepeatable, only, refusalOf } from './bed.js';
import type { Declare, Suite } from './suite.js';

/** What a vendor refuses a launch with; each must leave nothing behind. */
const REFUSALS: readonly ProviderErrorKind[] = ['capacity', 'quota', 'throttled', 'unavailable', 'unauthorized', 'invalid'];

/** Lost replies, refusals, full zones: one machine per launch or none, and the right kind. */
export function launchFailuresSuite(suite: Suite): void {
  suite.verb('launch that fails', (test) => {
    losses(test);
    refusals(test);
    room(test);
  });
}

function losses(test: Declare): void {
  test('starts nothing twice when the reply is lost', { needs: ['faults'] }, async (bed) => {
    const launch = await bed.frozen();
    await bed.fault({ on: 'launch', when: 'after', error: 'connection-reset' });

    await answeredOrRepeatable(bed.provider.launch(launch));
    const settled = await bed.provider.launch(launch);

    expect(only(await bed.alive()).providerId).toBe(only([...settled.values()]).providerId);
  });

  test('starts nothing twice when several replies are lost', { needs: ['faults'] }, async (bed) => {
    const launch = await bed.frozen();
    await bed.fault({ on: 'launch', when: 'after', error: 'connection-reset', times: 3 });

    for (let call = 1; call <= 3; call += 1) await answeredOrRepeatable(bed.provider.launch(launch));
    await bed.provider.launch(launch);

    expect(await bed.alive()).toHaveLength(1);
  });

  test('starts one when the request was lost and is sent again', { needs: ['faults'] }, async (bed) => {
    const launch = await bed.frozen();
    await bed.fault({ on: 'launch', when: 'before', error: 'connection-reset' });

    await answeredOrRepeatable(bed.provider.launch(launch));
    await bed.provider.launch(launch);

    expect(await bed.alive()).toHaveLength(1);
  });

  test('lets a replica settle a launch whose reply was lost', { needs: ['faults', 'replicas'] }, async (bed) => {
    const replica = await bed.replica();
    const launch = await bed.frozen();
    await bed.fault({ on: 'launch', when: 'after', error: 'connection-reset' });
    await answeredOrRepeatable(bed.provider.launch(launch));

    const settled = await replica.launch(launch);

    expect(only(await bed.alive()).providerId).toBe(only([...settled.values()]).providerId);
  });
}

function refusals(test: Declare): void {
  for (const kind of REFUSALS) {
    test(`says ${kind} when the vendor does, and starts nothing`, { needs: ['faults'] }, async (bed) => {
      const launch = await bed.frozen();
      await bed.fault({ on: 'launch', when: 'before', error: kind, times: Number.POSITIVE_INFINITY });

      expect(await refusalOf(bed.provider.launch(launch))).toBe(kind);
      expect(await bed.alive()).toEqual([]);
    });
  }

  test('says of every refusal what a user may read, with a code that nova shows', { needs: ['faults'] }, async (bed) => {
    const launch = await bed.frozen();
    await bed.fault({ on: 'launch', when: 'before', error: 'capacity' });

    const refusal: unknown = await bed.provider.launch(launch).catch((error: unknown) => error);

    expect(refusal).toMatchObject({ userMessage: expect.stringMatching(/^.{1,200}$/), faultCode: 503 });
  });
}

function room(test: Declare): void {
  test('starts none but those it answers when there is room for some members only', { needs: ['room'] }, async (bed) => {
    const requests = [bed.aRequest(), bed.aRequest()];
    const offering = await bed.bestOffering(bed.aRequest());
    await bed.full(offering.zone, 1);
    const launches = bed.provider.freeze(requests, offering, 1);

    const outcomes = await Promise.allSettled(launches.map((launch) => bed.provider.launch(launch)));

    const answered = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [...outcome.value.keys()] : []));
    const refusals = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [kindOf(outcome.reason)] : []));
    expect(answered.length).toBeLessThan(requests.length);
    for (const refusal of refusals) expect(refusal).toBe('capacity');
    expect(await bed.alive()).toHaveLength(answered.length);
  });

  test('answers the same members again when room was made meanwhile', { needs: ['room'] }, async (bed) => {
    const requests = [bed.aRequest(), bed.aRequest()];
    const offering = await bed.bestOffering(bed.aRequest());
    const launches = bed.provider.freeze(requests, offering, 1);
    await bed.full(offering.zone, 1);
    const membersOf = async (launch: Launch) => [...(await bed.provider.launch(launch)).keys()];
    const outcomes = await Promise.allSettled(launches.map(membersOf));
    await bed.full(offering.zone, 2);

    for (const [index, launch] of launches.entries()) {
      const outcome = outcomes[index];
      // What was refused whole was no launch, and may be one now.
      if (outcome?.status === 'fulfilled') expect(await membersOf(launch)).toEqual(outcome.value);
    }
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(1);
  });

  test('finds room on the next offering when the first is full', { needs: ['room'] }, async (bed) => {
    const request = bed.aRequest();
    const full = await bed.bestOffering(request);
    await bed.full(full.zone);

    const { offering } = await bed.launchSomewhere(request);

    expect(offering.zone).not.toBe(full.zone);
    expect(only(await bed.alive()).zone).toBe(offering.zone);
  });

  test('answers a repeated launch in a zone that has become full', { needs: ['room'] }, async (bed) => {
    const { launch, machine } = await bed.launchOne();
    await bed.full(launch.offering.zone);

    const again = await bed.provider.launch(launch);

    expect(only([...again.values()]).providerId).toBe(machine.providerId);
  });
}
