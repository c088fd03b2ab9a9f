import { defaultRegion } from '@burstcell/provider-ec2/fake';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEMO_IMAGE_ID } from '../demo-parent/boot.js';
import { GlanceStub } from '../images/glance-stub.js';
import { Ec2Cell } from '../support/ec2-cell.js';
import { START_MS } from './parent-kit.js';

const AMI = defaultRegion.images[0]?.imageId ?? '';
const NEW_IMAGE = '7a000000-0000-4000-8000-000000000011';
const A_CD = '7a000000-0000-4000-8000-000000000013';
const SAME_DATA = '7a000000-0000-4000-8000-000000000012';
/** Of each step of an import there is a look every five seconds. */
const IMPORT_MS = 60_000;

describe('an image without an AMI', () => {
  let cell: Ec2Cell;
  let glance: GlanceStub;
  beforeAll(async () => {
    glance = await new GlanceStub().start();
    for (const id of [NEW_IMAGE, SAME_DATA]) {
      const data = { checksum: 'c1', disk_format: 'raw', size: 6, data: 'disk' };
      glance.queue(id, { ...data, status: 'active', name: 'debian' });
    }
    glance.queue(A_CD, { checksum: 'c2', disk_format: 'iso', size: 6, status: 'active', name: 'cd' });
    cell = await Ec2Cell.start('imports', {
      ec2: { image_map: `${DEMO_IMAGE_ID}:${AMI}`, import_bucket: 'images' },
      glance: { api_servers: glance.url },
      parts: { imageStore: { holds: async () => true, put: async () => {}, remove: async () => {} } },
    });
  }, START_MS);
  afterAll(async () => {
    await cell?.end();
    await glance.close();
  });

  it(
    'is imported for a rebuild, which goes on with it, and then serves a rescue at once',
    async () => {
      const { world, fake } = cell;
      const uuid = await world.active();
      const imagesInUse = async () => (await fake.describeInstances({})).instances.map(({ imageId }) => imageId);

      const progress = () => Number(world.parent.tables.instances.get(uuid)?.columns.progress);
      await world.send('rebuild', uuid, { imageId: NEW_IMAGE });
      await world.parent.waitUntil(() => progress() > 0, 'the parent was told of no progress', IMPORT_MS);
      await world.rest(uuid, 'active');

      const [imported] = await fake.describeImages({ owners: ['self'] });
      expect(imported?.name).toMatch(/^burst-/);
      expect(await imagesInUse()).toEqual([imported?.imageId]);
      expect(world.parent.tables.instances.get(uuid)?.columns).toMatchObject({ image_ref: NEW_IMAGE, progress: 0 });

      await world.drive('rescue', uuid, 'rescued', { imageId: SAME_DATA });

      expect(await fake.describeImportSnapshotTasks()).toHaveLength(1);
      expect(await fake.describeImages({ owners: ['self'] })).toHaveLength(1);
      expect(await imagesInUse()).toEqual([imported?.imageId]);
    },
    IMPORT_MS,
  );

  it(
    'of a format that cannot be imported leaves the server as it was, its image too',
    async () => {
      const { world } = cell;
      const uuid = await world.active();

      await expect(world.drive('rebuild', uuid, 'active', { imageId: A_CD })).rejects.toThrow(/iso/);

      const columns = () => world.parent.tables.instances.get(uuid)?.columns;
      await world.parent.waitUntil(() => columns()?.image_ref === DEMO_IMAGE_ID, 'the parent keeps the other image', IMPORT_MS);
      expect(columns()).toMatchObject({ vm_state: 'active', task_state: null });
    },
    IMPORT_MS,
  );
});
