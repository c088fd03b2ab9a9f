import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { defaultRegion, FakeEc2, ManualClock } from '../../src/fake/index.js';
import { type Ec2Api, Ec2Error, type RunInstancesInput } from '../../src/ports/ec2-api.js';
import type { SpendingLimits } from './limits.js';
import { overriding } from './overriding.js';
import { RUN_TAG } from './run-tag.js';
import { SpendingGuard } from './spending-guard.js';

const LIMITS: SpendingLimits = { types: ['t3.micro'], machinesAtOnce: 3, machinesInAll: 5, machineMinutes: 60 };
const MINUTE_MS = 60_000;

describe('the spending guard', () => {
  let fake: FakeEc2;
  let nowMs: number;
  beforeEach(() => {
    fake = new FakeEc2({ delays: 0, clock: new ManualClock() });
    nowMs = 0;
  });
  afterEach(() => fake.reset());

  const guarding = (limits: Partial<SpendingLimits> = {}, api: Ec2Api = fake) =>
    new SpendingGuard(api, { limits: { ...LIMITS, ...limits }, run: 'run-1', now: () => nowMs });
  const launch = (overrides: Partial<RunInstancesInput> = {}): RunInstancesInput => ({
    clientToken: randomUUID(),
    imageId: defaultRegion.images[0]?.imageId ?? '',
    instanceType: 't3.micro',
    minCount: 1,
    maxCount: overrides.minCount ?? 1,
    market: 'on-demand',
    tags: { mine: 'too' },
    ...overrides,
  });
  const launched = () => fake.counts().byAction.RunInstances ?? 0;

  it('marks what is launched with its run', async () => {
    const [machine] = await guarding().api.runInstances(launch());

    expect(machine?.tags).toEqual({ mine: 'too', [RUN_TAG]: 'run-1' });
  });

  it('marks security groups with its run, so that the final sweep finds them', async () => {
    const group = { name: 'made here', description: 'made here', vpcId: 'vpc-1', tags: { mine: 'too' } };
    const { groupId } = await guarding().api.createSecurityGroup(group);

    expect(fake.securityGroups().find((each) => each.groupId === groupId)?.tags).toEqual({ mine: 'too', [RUN_TAG]: 'run-1' });
  });

  it('refuses a type that is not listed, and sends nothing', async () => {
    await expect(guarding().api.runInstances(launch({ instanceType: 'm5.large' }))).rejects.toThrow(
      'm5.large is none of t3.micro',
    );
    expect(launched()).toBe(0);
  });

  it('refuses more machines at once, until some have ended', async () => {
    const { api } = guarding();
    const ids = (await api.runInstances(launch({ minCount: 3 }))).map(({ instanceId }) => instanceId);

    await expect(api.runInstances(launch())).rejects.toThrow('more than 3 machines at once');
    await api.terminateInstances(ids);

    await expect(api.runInstances(launch())).resolves.toHaveLength(1);
  });

  it('refuses more machines in all, ended ones included', async () => {
    const { api } = guarding();
    for (let at = 0; at < 5; at += 1) {
      const ids = (await api.runInstances(launch())).map(({ instanceId }) => instanceId);
      await api.terminateInstances(ids);
    }

    await expect(api.runInstances(launch())).rejects.toThrow('more than 5 machines in all');
    expect(launched()).toBe(5);
  });

  it('takes a repeat of a launch for the same machines', async () => {
    const guard = guarding();
    const input = launch({ minCount: 3 });
    await guard.api.runInstances(input);

    await guard.api.runInstances(input);

    expect(guard.spent.machines).toBe(3);
  });

  it('counts a launch whose answer was lost, and not one that EC2 refused', async () => {
    const failing = (error: Ec2Error) => overriding(fake, { runInstances: () => Promise.reject(error) });
    const lost = guarding({}, failing(new Ec2Error('NetworkingError', 'no answer')));
    const refused = guarding({}, failing(new Ec2Error('InsufficientInstanceCapacity', 'full', 500)));

    await expect(lost.api.runInstances(launch())).rejects.toThrow('no answer');
    await expect(refused.api.runInstances(launch())).rejects.toThrow('full');

    expect([lost.spent.machines, refused.spent.machines]).toEqual([1, 0]);
  });

  it('counts at least a minute for each machine, and none after its end', async () => {
    const guard = guarding();
    const ids = (await guard.api.runInstances(launch({ minCount: 2 }))).map(({ instanceId }) => instanceId);
    expect(guard.spent.minutes).toBe(2);

    nowMs = 10 * MINUTE_MS;
    await guard.api.terminateInstances(ids.slice(0, 1));
    nowMs = 20 * MINUTE_MS;

    expect(guard.spent.minutes).toBe(30);
  });

  it('ends everything once the machine-minutes are spent, and launches nothing after that', async () => {
    const guard = guarding();
    await guard.api.runInstances(launch({ minCount: 2 }));
    nowMs = 29 * MINUTE_MS;
    expect(await guard.stopWhenSpent()).toBe(false);

    nowMs = 31 * MINUTE_MS;
    expect(await guard.stopWhenSpent()).toBe(true);

    expect(fake.snapshot().instances.map(({ state }) => state)).toEqual(['terminated', 'terminated']);
    await expect(guard.api.runInstances(launch())).rejects.toThrow('more than 60 machine-minutes');
  });
});
