import { expect } from '@jest/globals';
import { answeredOrRepeatable, only, refusalOf } from './bed.js';
import type { Suite } from './suite.js';

/** A page so small that a handful of machines fills several; EC2's smallest (DescribeInstances, MaxResults ≥ 5). */
const SMALL_PAGE = 5;
const SEVERAL_PAGES = 3 * SMALL_PAGE + 1;

export function listSuite(suite: Suite): void {
  suite.verb('list', (test) => {
    test('is empty where the cell has no machine', {}, async (bed) => {
      expect(await bed.listed()).toEqual([]);
    });

    test('finds every machine exactly once, page by page', { make: { pageSize: SMALL_PAGE } }, async (bed) => {
      const ids = (await bed.launchMany(SEVERAL_PAGES)).map(({ providerId }) => providerId);

      const listed = await bed.listed();

      expect(listed.map(({ providerId }) => providerId).toSorted()).toEqual(ids.toSorted());
    });

    test('finds every one of many machines', {}, async (bed) => {
      const ids = (await bed.launchMany(bed.manyMachines)).map(({ providerId }) => providerId);

      expect((await bed.listed()).map(({ providerId }) => providerId).toSorted()).toEqual(ids.toSorted());
    });

    test('says whose a machine is, by uuid or by the token of its launch', {}, async (bed) => {
      const { request, launch } = await bed.launchOne();

      const { uuid, launchToken } = only(await bed.listed());

      expect([uuid === request.uuid, launchToken === launch.token]).toContain(true);
      expect([null, request.uuid]).toContain(uuid);
      expect([null, launch.token]).toContain(launchToken);
    });

    test('finds a machine whose launch was never answered, in any replica', { needs: ['faults', 'replicas'] }, async (bed) => {
      const launch = await bed.frozen();
      await bed.fault({ on: 'launch', when: 'after', error: 'connection-reset' });
      await answeredOrRepeatable(bed.provider.launch(launch));

      expect(await bed.listed(await bed.replica())).toHaveLength(1);
    });

    test('shows no cell the machines of another', { needs: ['strangers'] }, async (bed) => {
      const { machine } = await bed.launchOne();
      const stranger = await bed.stranger();
      const request = bed.aRequest();
      const offering = only((await stranger.offerings(request)).slice(0, 1));
      const theirs = await stranger.launch(only(stranger.freeze([request], offering, 1)));

      expect((await bed.listed()).map(({ providerId }) => providerId)).toEqual([machine.providerId]);
      expect((await bed.listed(stranger)).map(({ providerId }) => providerId)).toEqual(
        [...theirs.values()].map(({ providerId }) => providerId),
      );
    });

    test('shows a terminated machine as ended, or no longer', {}, async (bed) => {
      const { machine } = await bed.launchRunning();
      await bed.provider.terminate(machine.providerId);

      for (const listed of await bed.listed()) expect(['terminating', 'terminated']).toContain(listed.state);
    });

    test('refuses rather than ending early when a page fails', {
      needs: ['faults'],
      make: { pageSize: SMALL_PAGE },
    }, async (bed) => {
      await bed.launchMany(SEVERAL_PAGES);
      const { next } = await bed.provider.list();
      await bed.fault({ on: 'list', when: 'before', error: 'unavailable', times: Number.POSITIVE_INFINITY });

      const refusal = await refusalOf(bed.provider.list(next));

      expect(['unavailable', 'throttled']).toContain(refusal);
    });
  });
}
