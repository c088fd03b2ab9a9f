import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { HttpStub } from '../parent/http-stub.js';
import { startImages } from '../parent/image-stub.js';
import { FakeEc2Process } from '../support/fake-ec2-process.js';
import { Stage } from '../support/stage.js';
import { active, eventually, expectAgreement, START_MS } from './parent-kit.js';

interface Shown {
  readonly id: string;
  readonly status: string;
  readonly ec2_ami?: string;
}

describe('image records of a parent whose image service is known', () => {
  let glance: HttpStub;
  let fake: FakeEc2Process;
  let stage: Stage;

  beforeAll(async () => {
    glance = await startImages();
    fake = await FakeEc2Process.start({ delayMs: 100 });
    const ini = { burst: { provider: 'ec2' }, ec2: fake.settings, glance: { api_servers: glance.url } };
    stage = await Stage.up({ name: 'images', release: 'rocky', ini });
  }, START_MS);

  afterAll(async () => {
    await stage?.end();
    await fake?.stop();
    await glance?.close();
  }, START_MS);

  afterEach(() => expect(stage.parent.violations).toEqual([]));

  /** As nova's API does before it sends the verb. */
  async function queued(): Promise<string> {
    const response = await fetch(`${glance.url}/v2/images`, { method: 'POST', body: JSON.stringify({ name: 'mine' }) });
    return ((await response.json()) as Shown).id;
  }

  async function shown(id: string): Promise<Shown> {
    return (await (await fetch(`${glance.url}/v2/images/${id}`)).json()) as Shown;
  }

  it.each([
    ['image-create', {}],
    ['backup', { backup_type: 'daily', rotation: 1 }],
  ])('become active with %s, and name the AMI', async (verb, more) => {
    const uuid = await active(stage);
    const image_id = await queued();

    await stage.parent.api.verb(verb, uuid, { own: { image_id, ...more } });

    await eventually(async () =>
      expect(await shown(image_id)).toMatchObject({ status: 'active', ec2_ami: expect.stringMatching(/^ami-/) as unknown }),
    );
    await expectAgreement(stage, uuid);
  });

  it('go when the backup they are of is rotated out', async () => {
    const uuid = await active(stage);
    const [first, second] = [await queued(), await queued()];

    await stage.parent.api.verb('backup', uuid, { own: { image_id: first, backup_type: 'daily', rotation: 1 } });
    await eventually(async () => expect(await shown(first)).toMatchObject({ status: 'active' }));
    await expectAgreement(stage, uuid);
    await stage.parent.api.verb('backup', uuid, { own: { image_id: second, backup_type: 'daily', rotation: 1 } });

    await eventually(async () => expect((await fetch(`${glance.url}/v2/images/${first}`)).status).toBe(404));
    await eventually(async () => expect(await shown(second)).toMatchObject({ status: 'active' }));
    await expectAgreement(stage, uuid);
  });
});
