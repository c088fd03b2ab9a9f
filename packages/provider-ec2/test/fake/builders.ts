import { defaultRegion, FakeEc2, type FakeEc2Options, ManualClock } from '../../src/fake/index.js';
import type { RunInstancesInput } from '../../src/ports/ec2-api.js';

const [image] = defaultRegion.images;
export const IMAGE_ID = image?.imageId ?? '';

/** A launch that is right as it is. */
export function aLaunch(changes: Partial<RunInstancesInput> = {}): RunInstancesInput {
  return {
    ...{ clientToken: 'token-1', imageId: IMAGE_ID, instanceType: 't3.micro', minCount: 1, maxCount: 1 },
    ...{ market: 'on-demand', tags: { Name: 'web' } },
    ...changes,
  };
}

/** A fake whose time stands still until the test moves it; every step takes a second. */
export function aFake(options: FakeEc2Options = {}): { ec2: FakeEc2; clock: ManualClock } {
  const clock = new ManualClock();
  return { ec2: new FakeEc2({ clock, delays: 1000, ...options }), clock };
}

/** Launches and gives the ids. */
export async function launched(ec2: FakeEc2, changes: Partial<RunInstancesInput> = {}): Promise<readonly string[]> {
  return (await ec2.runInstances(aLaunch(changes))).map(({ instanceId }) => instanceId);
}

/** Launches one and gives its id. */
export async function launchedOne(ec2: FakeEc2, changes: Partial<RunInstancesInput> = {}): Promise<string> {
  const [id = ''] = await launched(ec2, changes);
  return id;
}

export async function stateOf(ec2: FakeEc2, id: string): Promise<string | undefined> {
  return (await ec2.describeInstances({ ids: [id] })).instances[0]?.state;
}
