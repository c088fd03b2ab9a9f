import { expect } from '@jest/globals';
import { only, refusalOf } from './bed.js';
import { base64, recorded, underTokenOf } from './requests.js';
import type { Declare, Suite } from './suite.js';

/** What a launch answers, and that the same launch is one effect however often it is sent. */
export function launchSuite(suite: Suite): void {
  suite.verb('launch', (test) => {
    answers(test);
    repeats(test);
    tokens(test);
  });
}

function answers(test: Declare): void {
  test('answers one machine for one member, in the zone of its offering', {}, async (bed) => {
    const request = bed.aRequest();
    const launch = await bed.frozen(request);

    const machines = await bed.provider.launch(launch);

    expect([...machines.keys()]).toEqual([request.uuid]);
    expect(machines.get(request.uuid)).toMatchObject({ zone: launch.offering.zone });
    expect(['pending', 'running']).toContain(machines.get(request.uuid)?.state);
  });

  test('answers another machine for each member', {}, async (bed) => {
    const requests = [bed.aRequest(), bed.aRequest(), bed.aRequest()];
    const offering = await bed.bestOffering(bed.aRequest());
    const answered = new Map<string, string>();

    for (const launch of bed.provider.freeze(requests, offering, 1)) {
      for (const [member, machine] of await bed.provider.launch(launch)) answered.set(member, machine.providerId);
    }

    expect([...answered.keys()].toSorted()).toEqual(requests.map(({ uuid }) => uuid).toSorted());
    expect(new Set(answered.values()).size).toBe(3);
    expect(await bed.alive()).toHaveLength(3);
  });

  test('leads to a running machine without another call', { make: { pace: 'slow' } }, async (bed) => {
    const { machine } = await bed.launchOne();

    await bed.settle(machine.providerId, 'running');

    expect(await bed.observed(machine.providerId)).toMatchObject({ state: 'running' });
  });

  test('gives every running machine an address and a MAC of its own', {}, async (bed) => {
    const machines = [await bed.launchRunning(), await bed.launchRunning()];

    const nics = await Promise.all(machines.map(async ({ machine }) => (await bed.observed(machine.providerId))?.nics ?? []));
    const fixed = nics.flat().flatMap(({ addresses }) => addresses.filter(({ type }) => type === 'fixed'));

    expect(fixed.length).toBeGreaterThanOrEqual(2);
    expect(new Set(fixed.map(({ address }) => address)).size).toBe(fixed.length);
    expect(new Set(nics.flat().map(({ mac }) => mac)).size).toBe(nics.flat().length);
    for (const { mac } of nics.flat()) expect(mac).toMatch(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/);
  });
}

function repeats(test: Declare): void {
  test('launches once when the same frozen launch is sent twice', {}, async (bed) => {
    const { launch, machine } = await bed.launchOne();

    const again = await bed.provider.launch(launch);

    expect(only([...again.values()]).providerId).toBe(machine.providerId);
    expect(await bed.alive()).toHaveLength(1);
  });

  test('launches once when the launch comes back from a database in between', {}, async (bed) => {
    const { launch, machine } = await bed.launchOne();

    const again = await bed.provider.launch(recorded(launch));

    expect(only([...again.values()]).providerId).toBe(machine.providerId);
    expect(await bed.alive()).toHaveLength(1);
  });

  test('gives each member the same machine again when many are launched at once', {}, async (bed) => {
    const requests = [bed.aRequest(), bed.aRequest(), bed.aRequest()];
    const launches = bed.provider.freeze(requests, await bed.bestOffering(bed.aRequest()), 1);
    const idsOf = async () => {
      const answers = await Promise.all(launches.map((launch) => bed.provider.launch(launch)));
      return answers.flatMap((answer) => [...answer].map(([member, { providerId }]) => `${member} ${providerId}`)).toSorted();
    };

    const first = await idsOf();

    expect(await idsOf()).toEqual(first);
    expect(await bed.alive()).toHaveLength(3);
  });

  test('launches once when two replicas send the same launch at once', { needs: ['replicas'] }, async (bed) => {
    const replica = await bed.replica();
    const launch = await bed.frozen();

    const answers = await Promise.all([bed.provider.launch(launch), replica.launch(launch)]);

    expect(new Set(answers.map((answer) => only([...answer.values()]).providerId)).size).toBe(1);
    expect(await bed.alive()).toHaveLength(1);
  });
}

function tokens(test: Declare): void {
  test('refuses other parameters under a used token with conflict, and starts nothing', {}, async (bed) => {
    const { launch, request } = await bed.launchOne();
    const otherRequest = { ...request, userData: base64('#!/bin/sh\necho other\n') };
    const other = only(bed.provider.freeze([otherRequest], launch.offering, 2));

    const refusal = await refusalOf(bed.provider.launch(underTokenOf(other, launch)));

    expect(refusal).toBe('conflict');
    expect(await bed.alive()).toHaveLength(1);
  });

  test('refuses the token of a terminated machine with conflict, and starts nothing', {}, async (bed) => {
    const { launch, machine } = await bed.launchRunning();
    await bed.provider.terminate(machine.providerId);
    await bed.settle(machine.providerId, 'terminated');

    const refusal = await refusalOf(bed.provider.launch(launch));

    expect(refusal).toBe('conflict');
    expect(await bed.alive()).toEqual([]);
  });

  test('launches anew by the next attempt after that', {}, async (bed) => {
    const { launch, request, machine } = await bed.launchRunning();
    await bed.provider.terminate(machine.providerId);
    await bed.settle(machine.providerId, 'terminated');

    const second = await bed.provider.launch(only(bed.provider.freeze([request], launch.offering, 2)));

    expect(only([...second.values()]).providerId).not.toBe(machine.providerId);
    expect(await bed.alive()).toHaveLength(1);
  });
}
