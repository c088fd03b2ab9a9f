import { describe, expect, it } from '@jest/globals';
import { ARM_AMI, aBench, abilitiesOf, aFlavor, aReplica, aRequest, finish, runningOne } from './builders.js';

const LARGE = { instanceTypeMap: { 'm1.small': ['t3.small'] } };

describe('sizes', () => {
  it('are what a boot of that flavor would try, less those of another architecture', async () => {
    const bench = aBench();
    const id = await runningOne(bench, aRequest({ image: { ...aRequest().image, properties: { ec2_ami: ARM_AMI } } }));

    const sizes = await abilitiesOf(bench).sizes(id, aFlavor({ vcpus: 2, memoryMb: 4096 }));

    expect(sizes.length).toBeGreaterThan(0);
    expect(sizes.every((size) => /^(t4g|m6g)\./.test(size))).toBe(true);
  });

  it('leave out what the operator maps but the machine cannot take', async () => {
    const bench = aBench({ instanceTypeMap: { big: ['m6g.large', 'm5.large'], arm: ['m6g.large'] } });
    const id = await runningOne(bench);

    expect(await abilitiesOf(bench).sizes(id, aFlavor({ name: 'big' }))).toEqual(['m5.large']);
    await expect(abilitiesOf(bench).sizes(id, aFlavor({ name: 'arm' }))).rejects.toMatchObject({
      kind: 'unsupported',
      subject: 'flavor',
      userMessage: expect.stringContaining('another processor architecture'),
    });
  });
});

describe('resize', () => {
  it('stops, changes the type and starts, and leaves no note behind', async () => {
    const bench = aBench(LARGE);
    const id = await runningOne(bench);

    const calls = await finish(bench, () => abilitiesOf(bench).resize(id, 'm5.large', 'running'));

    expect(bench.fake.instance(id)).toMatchObject({ instanceType: 'm5.large', state: 'running' });
    expect(bench.fake.instance(id)?.tags).not.toHaveProperty('burstcell:resize-from');
    expect(calls).toBe(3);
  });

  it('never changes a machine whose network driver the new type needs and the image lacks', async () => {
    const bench = aBench(LARGE);
    const id = await runningOne(bench);
    const old = aReplica(bench, {
      api: new Proxy(bench.fake, {
        get(target, name) {
          if (name !== 'describeInstances') return Reflect.get(target, name, target).bind(target);
          return async (...input: Parameters<typeof target.describeInstances>) => {
            const page = await target.describeInstances(...input);
            return { ...page, instances: page.instances.map((one) => ({ ...one, enaSupport: false })) };
          };
        },
      }),
    });

    await expect(old.resize(id, 'm5.large', 'running')).rejects.toMatchObject({
      kind: 'unsupported',
      userMessage: expect.stringContaining('ENA'),
    });
    expect(bench.fake.instance(id)?.state).toBe('running');
  });

  it('refuses what a zone does not offer before it stops anything', async () => {
    const bench = aBench({ ...LARGE, zones: ['us-east-1c'] });
    const id = await runningOne(bench);

    await expect(abilitiesOf(bench).resize(id, 'g4dn.xlarge', 'running')).rejects.toMatchObject({
      userMessage: expect.stringContaining('us-east-1c'),
    });
    expect(bench.fake.counts().byAction).not.toHaveProperty('StopInstances');
  });

  it('goes back to the old type and runs again when the new one has no room', async () => {
    const bench = aBench(LARGE);
    const id = await runningOne(bench);
    bench.fake.setRoom({ instanceType: 'm5.large' }, 0);

    await expect(finish(bench, () => abilitiesOf(bench).resize(id, 'm5.large', 'running'))).rejects.toMatchObject({
      kind: 'capacity',
      userMessage: expect.stringContaining('m5.large in us-east-1a'),
    });

    bench.clock.advance(1_000);
    expect(bench.fake.instance(id)).toMatchObject({ instanceType: 't3.small', state: 'running' });
    expect(bench.fake.instance(id)?.tags).not.toHaveProperty('burstcell:resize-from');
  });

  it('finds the old type again after a crash between change and start', async () => {
    const bench = aBench(LARGE);
    const id = await runningOne(bench);
    bench.fake.setRoom({ instanceType: 'm5.large' }, 0);
    const resize = (by = abilitiesOf(bench)) => by.resize(id, 'm5.large', 'running');
    bench.fake.inject({ action: 'StartInstances', code: 'NetworkingError' });
    await expect(finish(bench, () => resize())).rejects.toMatchObject({ kind: 'unavailable' });
    expect(bench.fake.instance(id)).toMatchObject({ instanceType: 'm5.large', state: 'stopped' });

    await expect(resize(aReplica(bench))).rejects.toMatchObject({ kind: 'capacity' });

    expect(bench.fake.instance(id)?.instanceType).toBe('t3.small');
  });

  it('leaves a spot server alone', async () => {
    const bench = aBench({ ...LARGE, market: 'spot' });
    const id = await runningOne(bench);

    await expect(abilitiesOf(bench).resize(id, 'm5.large', 'running')).rejects.toMatchObject({ kind: 'unsupported' });
  });
});
