import { describe, expect, it } from '@jest/globals';
import { aBench, abilitiesOf, aReplica, type Bench, finish, runningOne } from './builders.js';

const RESCUE_AMI = 'ami-0a1b2c3d4e5f60003';
const wish = { providerImageId: null, password: 'secret', token: 'r' };

const rescue = (bench: Bench, id: string) => finish(bench, () => abilitiesOf(bench).rescue(id, wish));
const unrescue = (bench: Bench, id: string) => finish(bench, () => abilitiesOf(bench).unrescue(id, { token: 'u' }));

function rootOf({ fake }: Bench, id: string): string | undefined {
  const { blockDevices = [], rootDeviceName } = fake.instance(id) ?? {};
  return blockDevices.find(({ deviceName }) => deviceName === rootDeviceName)?.volumeId;
}

describe('rescue', () => {
  it('boots the rescue image with the own disk beside it, without ever giving its place up', async () => {
    const bench = aBench({ rescueAmi: RESCUE_AMI });
    const id = await runningOne(bench);
    const own = rootOf(bench, id);
    const { publicIpAddress } = bench.fake.instance(id) ?? {};

    await rescue(bench, id);

    const machine = bench.fake.instance(id);
    expect(machine).toMatchObject({ imageId: RESCUE_AMI, state: 'running', publicIpAddress });
    expect(rootOf(bench, id)).not.toBe(own);
    expect(machine?.blockDevices.find(({ volumeId }) => volumeId === own)).toMatchObject({ status: 'attached' });
    expect(bench.fake.counts().byAction).not.toHaveProperty('StopInstances');
  });

  it('leaves no volume behind when the machine is terminated in it', async () => {
    const bench = aBench();
    const id = await runningOne(bench);
    await rescue(bench, id);

    await bench.provider.terminate(id);
    bench.clock.advance(1_000);

    expect(bench.fake.volumes()).toEqual([]);
  });

  it('ends on its own disk with what was repaired on it, and the rescue disk and all notes are gone', async () => {
    const bench = aBench();
    const id = await runningOne(bench);
    const own = rootOf(bench, id);
    await rescue(bench, id);

    await unrescue(bench, id);

    expect(bench.fake.volumes()).toMatchObject([{ volumeId: own, instanceId: id, deleteOnTermination: true }]);
    expect(rootOf(bench, id)).toBe(own);
    expect(Object.keys(bench.fake.instance(id)?.tags ?? {})).not.toContain('burstcell:rescue');
    expect(bench.fake.instance(id)?.state).toBe('running');
  });

  it('shuts the rescue system down before it takes the own disk from it', async () => {
    const bench = aBench();
    const id = await runningOne(bench);
    await rescue(bench, id);
    bench.fake.clearCalls();

    await unrescue(bench, id);

    const actions = bench.fake.calls().map(({ action }) => action);
    expect(actions.indexOf('StopInstances')).toBeGreaterThan(-1);
    expect(actions.indexOf('StopInstances')).toBeLessThan(actions.indexOf('DetachVolume'));
  });

  it.each(['CreateTags', 'CreateReplaceRootVolumeTask', 'AttachVolume', 'ModifyInstanceAttribute'])(
    'goes on in another process when the answer to %s is lost',
    async (action) => {
      const bench = aBench();
      const id = await runningOne(bench);
      bench.fake.inject({ action, code: 'NetworkingError', when: 'after' });

      await expect(rescue(bench, id)).rejects.toMatchObject({ kind: 'unavailable' });
      await finish(bench, () => aReplica(bench).rescue(id, wish));

      expect(bench.fake.rootReplacements(id, 'kept')).toBe(1);
      expect(bench.fake.volumes()).toHaveLength(2);
    },
  );

  it.each([
    'StopInstances',
    'DetachVolume',
    'AttachVolume',
    'ModifyInstanceAttribute',
    'StartInstances',
    'DeleteVolume',
    'DeleteTags',
  ])('comes back in another process when the answer to %s is lost', async (action) => {
    const bench = aBench();
    const id = await runningOne(bench);
    const own = rootOf(bench, id);
    await rescue(bench, id);
    bench.fake.inject({ action, code: 'NetworkingError', when: 'after' });

    await expect(unrescue(bench, id)).rejects.toMatchObject({ kind: 'unavailable' });
    await finish(bench, () => aReplica(bench).unrescue(id, { token: 'u' }));

    expect(rootOf(bench, id)).toBe(own);
    expect(bench.fake.volumes()).toHaveLength(1);
  });

  it('forgets a rescue that EC2 could not do, and a second one is a new one', async () => {
    const bench = aBench();
    const id = await runningOne(bench);
    bench.fake.failRootTasks('failed');
    await expect(rescue(bench, id)).rejects.toMatchObject({ kind: 'invalid' });
    expect(bench.fake.instance(id)?.tags).not.toHaveProperty('burstcell:rescue');

    bench.fake.failRootTasks(null);
    await finish(bench, () => abilitiesOf(bench).rescue(id, { ...wish, token: 'again' }));

    expect(bench.fake.rootReplacements(id, 'kept')).toBe(1);
  });

  it('takes no note of before a rebuild for the truth', async () => {
    const bench = aBench();
    const id = await runningOne(bench);
    await bench.provider.stop(id);
    bench.clock.advance(1_000);
    bench.fake.setRoom({ zone: 'us-east-1a' }, 0);
    await expect(abilitiesOf(bench).rescue(id, wish)).rejects.toMatchObject({ kind: 'capacity' });
    bench.fake.setRoom({ zone: 'us-east-1a' }, null);
    await finish(bench, () => abilitiesOf(bench).rebuild(id, { providerImageId: RESCUE_AMI, token: 'b' }));

    await finish(bench, () => abilitiesOf(bench).rescue(id, { ...wish, token: 'again' }));

    expect(bench.fake.volumes()).toHaveLength(2);
    expect(bench.fake.instance(id)?.state).toBe('running');
  });

  it('is at its end for a machine that was never rescued', async () => {
    const bench = aBench();
    const id = await runningOne(bench);

    expect(await abilitiesOf(bench).unrescue(id, { token: 'u' })).toBe('done');
  });
});
