import { expect } from '@jest/globals';
import { type Bed, only, refusalOf } from '../bed.js';
import type { Declare, Suite } from '../suite.js';
import { refusesUnsent, twiceWithLostReply } from './common.js';

const UUID = '11111111-1111-4111-8111-111111111111';
const OTHER = '22222222-2222-4222-8222-222222222222';

export function adoptSuite(suite: Suite): void {
  suite.ability('unowned', ['unowned'], unownedTests);
  suite.ability('adopt', ['unowned', 'adopt', 'release'], (test) => {
    adoptTests(test);
    refusesUnsent(test, 'adopt', (bed, providerId, options) => bed.can.adopt(providerId, UUID, options));
  });
  suite.ability('release', ['unowned', 'adopt', 'release'], releaseTests);
}

function unownedTests(test: Declare): void {
  test('shows a machine that somebody else started, with its state and zone', { needs: ['outsiders'] }, async (bed) => {
    const providerId = await bed.outsider();

    const found = (await bed.unowned()).find(({ machine }) => machine.providerId === providerId);

    expect(found?.machine).toMatchObject({ providerId, state: 'running', zone: expect.stringMatching(/./), uuid: null });
  });

  test('shows none that a cell has launched, and none that has ended', {
    needs: ['outsiders', 'strangers'],
  }, async (bed) => {
    const ended = await bed.outsider();
    const { machine } = await bed.launchRunning();
    const stranger = await bed.stranger();
    const request = bed.aRequest();
    const offering = only((await stranger.offerings(request)).slice(0, 1));
    const theirs = only([...(await stranger.launch(only(stranger.freeze([request], offering, 1)))).values()]);
    await bed.end(ended);

    const ids = (await bed.unowned()).map((each) => each.machine.providerId);

    for (const id of [ended, machine.providerId, theirs.providerId]) expect(ids).not.toContain(id);
  });

  test('that was aborted before says unavailable', {}, async (bed) => {
    expect(await refusalOf(bed.can.unowned(undefined, { signal: AbortSignal.abort() }))).toBe('unavailable');
  });
}

function adoptTests(test: Declare): void {
  test('makes a machine ours: listed with its uuid as taken in, and stopped like any other', {
    needs: ['outsiders'],
  }, async (bed) => {
    const providerId = await bed.outsider();

    await bed.can.adopt(providerId, UUID);

    expect(await bed.listed()).toMatchObject([{ providerId, uuid: UUID, isAdopted: true, state: 'running' }]);
    expect((await bed.unowned()).map(({ machine }) => machine.providerId)).not.toContain(providerId);
    await bed.stop(providerId);
    expect(await bed.observed(providerId)).toMatchObject({ state: 'stopped', isAdopted: true });
  });

  test('may be repeated, in any replica, also when the reply is lost', {
    needs: ['outsiders', 'faults', 'replicas'],
  }, async (bed) => {
    const providerId = await bed.outsider();

    await twiceWithLostReply(bed, 'adopt', () => bed.can.adopt(providerId, UUID));
    await bed.canDo(await bed.replica()).adopt(providerId, UUID);

    expect(await bed.listed()).toMatchObject([{ providerId, uuid: UUID }]);
  });

  test('says conflict for another cell’s machine, which stays theirs', { needs: ['outsiders', 'strangers'] }, async (bed) => {
    const providerId = await bed.outsider();
    const stranger = bed.canDo(await bed.stranger());
    await stranger.adopt(providerId, OTHER);

    expect(await refusalOf(bed.can.adopt(providerId, UUID))).toBe('conflict');
    expect(await bed.listed(stranger)).toMatchObject([{ providerId, uuid: OTHER }]);
  });

  test('says conflict for a machine of another instance, launched or taken in', { needs: ['outsiders'] }, async (bed) => {
    const { machine } = await bed.launchRunning();
    const providerId = await bed.outsider();
    await bed.can.adopt(providerId, OTHER);

    expect(await refusalOf(bed.can.adopt(providerId, UUID))).toBe('conflict');
    expect(await refusalOf(bed.can.adopt(machine.providerId, UUID))).toBe('conflict');
    expect(await bed.observed(providerId)).toMatchObject({ uuid: OTHER });
  });

  test('says conflict or not-found for one that has ended', { needs: ['outsiders'] }, async (bed) => {
    const providerId = await bed.outsider();
    await bed.end(providerId);

    expect(['conflict', 'not-found']).toContain(await refusalOf(bed.can.adopt(providerId, UUID)));
  });

  test('says unauthorized when the vendor does, and the machine stays nobody’s', {
    needs: ['outsiders', 'faults'],
  }, async (bed) => {
    const providerId = await bed.outsider();
    await bed.fault({ on: 'adopt', when: 'before', error: 'unauthorized' });

    expect(await refusalOf(bed.can.adopt(providerId, UUID))).toBe('unauthorized');
    expect(await bed.listed()).toEqual([]);
  });
}

function releaseTests(test: Declare): void {
  const adopted = async (bed: Bed): Promise<string> => {
    const providerId = await bed.outsider();
    await bed.can.adopt(providerId, UUID);
    return providerId;
  };

  test('makes an adopted machine nobody’s again, and it runs on', { needs: ['outsiders', 'faults'] }, async (bed) => {
    const providerId = await adopted(bed);

    await twiceWithLostReply(bed, 'release', () => bed.can.release(providerId));

    expect(await bed.listed()).toEqual([]);
    const found = (await bed.unowned()).find(({ machine }) => machine.providerId === providerId);
    expect(found?.machine).toMatchObject({ state: 'running', uuid: null });
  });

  test('leaves another cell’s machine and an unknown id alone', { needs: ['outsiders', 'strangers'] }, async (bed) => {
    const providerId = await adopted(bed);
    const stranger = bed.canDo(await bed.stranger());

    await stranger.release(providerId);
    await stranger.release(bed.unknownId);

    expect(await bed.listed()).toMatchObject([{ providerId, uuid: UUID }]);
  });

  test('leaves a machine that we launched as it is', {}, async (bed) => {
    const { machine } = await bed.launchRunning();

    await bed.can.release(machine.providerId);

    expect(await bed.listed()).toMatchObject([{ providerId: machine.providerId, state: 'running' }]);
  });

  test('that was aborted before says unavailable', { needs: ['outsiders'] }, async (bed) => {
    const providerId = await adopted(bed);

    expect(await refusalOf(bed.can.release(providerId, { signal: AbortSignal.abort() }))).toBe('unavailable');
    expect(await bed.listed()).toHaveLength(1);
  });
}
