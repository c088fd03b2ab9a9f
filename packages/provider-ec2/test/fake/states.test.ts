import { describe, expect, it } from '@jest/globals';
import type { StateChange } from '../../src/fake/index.js';
import { aFake, launched, launchedOne, stateOf } from './builders.js';

describe('FakeEc2: states', () => {
  it('takes an instance through its whole life, each step in its time', async () => {
    const { ec2, clock } = aFake();
    const id = await launchedOne(ec2);
    const seen = [await stateOf(ec2, id)];
    const look = async () => seen.push(await stateOf(ec2, id));
    const step = async () => {
      clock.advance(1000);
      await look();
    };

    await step();
    await ec2.stopInstances([id]);
    await look();
    await step();
    await ec2.startInstances([id]);
    await look();
    await step();
    await ec2.terminateInstances([id]);
    await look();
    await step();

    expect(seen).toEqual(['pending', 'running', 'stopping', 'stopped', 'pending', 'running', 'shutting-down', 'terminated']);
  });

  it('tells every change of state to listeners, in order', async () => {
    const { ec2, clock } = aFake();
    const changes: StateChange[] = [];
    const stop = ec2.onStateChange((change) => changes.push(change));

    const id = await launchedOne(ec2);
    clock.advance(1000);
    stop();
    await ec2.stopInstances([id]);

    expect(changes.map(({ instanceId, state }) => [instanceId, state])).toEqual([
      [id, 'pending'],
      [id, 'running'],
    ]);
  });

  it.each([
    ['starting a stopping instance', 'stopInstances', 'startInstances'],
    ['starting a terminated instance', 'terminateInstances', 'startInstances'],
    ['stopping a terminated instance', 'terminateInstances', 'stopInstances'],
    ['rebooting a stopping instance', 'stopInstances', 'rebootInstances'],
  ] as const)('refuses %s', async (_, first, second) => {
    const { ec2, clock } = aFake();
    const id = await launchedOne(ec2);
    clock.advance(1000);
    await ec2[first]([id]);

    await expect(ec2[second]([id])).rejects.toMatchObject({ code: 'IncorrectInstanceState', httpStatus: 400 });
  });

  it('refuses to stop an instance that is still pending', async () => {
    const { ec2 } = aFake();
    const id = await launchedOne(ec2);

    await expect(ec2.stopInstances([id])).rejects.toMatchObject({ code: 'IncorrectInstanceState' });
  });

  it('touches none when one of several is refused', async () => {
    const { ec2, clock } = aFake();
    const [first = '', second = ''] = await launched(ec2, { minCount: 2, maxCount: 2 });
    clock.advance(1000);
    await ec2.terminateInstances([second]);

    await expect(ec2.stopInstances([first, second])).rejects.toMatchObject({ code: 'IncorrectInstanceState' });

    expect(await stateOf(ec2, first)).toBe('running');
  });

  it('lets start, stop and terminate be repeated', async () => {
    const { ec2, clock } = aFake();
    const id = await launchedOne(ec2);
    clock.advance(1000);

    await ec2.startInstances([id]);
    await ec2.stopInstances([id]);
    await ec2.stopInstances([id]);
    await ec2.terminateInstances([id]);
    clock.advance(1000);
    await ec2.terminateInstances([id]);

    expect(await stateOf(ec2, id)).toBe('terminated');
  });

  it('ends an instance that is terminated while pending, and never runs it', async () => {
    const { ec2, clock } = aFake();
    const id = await launchedOne(ec2);
    clock.advance(500);
    await ec2.terminateInstances([id]);

    clock.advance(600);
    expect(await stateOf(ec2, id)).toBe('shutting-down');
    clock.advance(400);
    expect(await stateOf(ec2, id)).toBe('terminated');
  });

  it('shows a terminated instance without addresses for an hour, then no more', async () => {
    const { ec2, clock } = aFake();
    const id = await launchedOne(ec2);
    await ec2.terminateInstances([id]);
    clock.advance(1000);

    const { instances } = await ec2.describeInstances({ ids: [id] });
    expect(instances).toMatchObject([{ state: 'terminated', interfaces: [], stateReason: expect.stringContaining('Client.') }]);
    expect(instances[0]).not.toHaveProperty('privateIpAddress');

    clock.advance(3_600_000);
    await expect(ec2.describeInstances({ ids: [id] })).rejects.toMatchObject({ code: 'InvalidInstanceID.NotFound' });
  });

  it('gives a running instance a public address and takes it back with the power', async () => {
    const { ec2, clock } = aFake();
    const id = await launchedOne(ec2);
    clock.advance(1000);
    expect(ec2.instance(id)?.publicIpAddress).toMatch(/^198\.18\./);

    await ec2.stopInstances([id]);
    clock.advance(1000);

    expect(ec2.instance(id)).not.toHaveProperty('publicIpAddress');
    expect(ec2.instance(id)?.privateIpAddress).toMatch(/^172\.31\./);
  });

  it('says why an instance was stopped or ended from outside', async () => {
    const { ec2, clock } = aFake();
    const [stopped = '', ended = ''] = await launched(ec2, { minCount: 2, maxCount: 2, market: 'spot' });
    clock.advance(1000);

    expect(ec2.stopOutside(stopped)).toBe(true);
    expect(ec2.terminateOutside(ended, 'spot')).toBe(true);
    clock.advance(1000);

    expect(ec2.instance(stopped)).toMatchObject({
      state: 'stopped',
      stateReason: expect.stringContaining('InstanceInitiatedShutdown'),
    });
    expect(ec2.instance(ended)).toMatchObject({
      state: 'terminated',
      stateReason: expect.stringContaining('SpotInstanceTermination'),
    });
    expect(ec2.counts().total).toBe(1);
  });

  it('keeps what a console was told, and shows nothing before the first boot is over', async () => {
    const { ec2, clock } = aFake();
    const id = await launchedOne(ec2);
    expect(await ec2.getConsoleOutput(id)).toEqual({ output: '' });

    clock.advance(1000);
    expect((await ec2.getConsoleOutput(id)).output).toContain('login:');
    ec2.setConsole(id, 'kernel panic');

    expect((await ec2.getConsoleOutput(id)).output).toBe('kernel panic');
  });
});
