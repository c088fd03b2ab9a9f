import { describe, expect, it } from '@jest/globals';
import type { FakeEc2 } from '../../src/fake/index.js';
import { catalogue, defaultRegion } from '../../src/fake/index.js';
import { aFake, launched, launchedOne, stateOf } from './builders.js';

const RSA = 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC7 someone@example';

describe('FakeEc2: reads', () => {
  it('pages through a filtered list in order of birth', async () => {
    const { ec2 } = aFake();
    const ids = await launched(ec2, { minCount: 12, maxCount: 12 });
    await launched(ec2, { clientToken: 'other', tags: { Name: 'other' } });

    const pages = await allPages(ec2, { 'tag:Name': ['web'] });

    expect(pages.map((page) => page.length)).toEqual([5, 5, 2]);
    expect(pages.flat()).toEqual(ids);
  });

  it('filters by state, tag and wildcard, all of them at once', async () => {
    const { ec2, clock } = aFake();
    const first = await launchedOne(ec2, { clientToken: 'a', tags: { cell: 'burst-1' } });
    await launchedOne(ec2, { clientToken: 'b', tags: { cell: 'other' } });
    clock.advance(1000);
    await launchedOne(ec2, { clientToken: 'c', tags: { cell: 'burst-2' } });

    const { instances } = await ec2.describeInstances({
      filters: { 'tag:cell': ['burst-*'], 'instance-state-name': ['running', 'stopped'] },
    });

    expect(instances.map(({ instanceId }) => instanceId)).toEqual([first]);
  });

  it.each([
    ['a filter it does not know', { filters: { colour: ['red'] } }, 'InvalidParameterValue'],
    ['a page below five', { maxResults: 4 }, 'InvalidParameterValue'],
    ['pages of named ids', { ids: ['i-00000000'], maxResults: 5 }, 'InvalidParameterCombination'],
    ['a token it never gave', { nextToken: 'x' }, 'InvalidNextToken'],
    ['a malformed id', { ids: ['web-1'] }, 'InvalidInstanceID.Malformed'],
    ['an unknown id', { ids: ['i-0123456789abcdef0'] }, 'InvalidInstanceID.NotFound'],
  ])('refuses %s', async (_, input, code) => {
    await expect(aFake().ec2.describeInstances(input)).rejects.toMatchObject({ code });
  });

  it('names every missing id in one refusal', async () => {
    const { ec2 } = aFake();
    const id = await launchedOne(ec2);

    await expect(ec2.describeInstances({ ids: [id, 'i-00000001', 'i-00000002'] })).rejects.toThrow("'i-00000001, i-00000002'");
  });

  it('hides a young instance from reads and verbs for as long as it lags', async () => {
    const { ec2, clock } = aFake({ lag: { unseenMs: 2000 } });
    const id = await launchedOne(ec2);

    await expect(stateOf(ec2, id)).rejects.toMatchObject({ code: 'InvalidInstanceID.NotFound' });
    await expect(ec2.terminateInstances([id])).rejects.toMatchObject({ code: 'InvalidInstanceID.NotFound' });
    expect((await ec2.describeInstances({ maxResults: 5 })).instances).toEqual([]);

    clock.advance(2000);
    expect(await stateOf(ec2, id)).toBe('running');
  });

  it('shows the state before the last change for as long as it lags', async () => {
    const { ec2, clock } = aFake({ lag: { staleMs: 500 } });
    const id = await launchedOne(ec2);

    clock.advance(1000);
    expect(await stateOf(ec2, id)).toBe('pending');
    clock.advance(500);
    expect(await stateOf(ec2, id)).toBe('running');
  });

  it('gives the catalogue and the offerings in pages', async () => {
    const { ec2 } = aFake({ cataloguePageSize: 10 });

    const first = await ec2.describeInstanceTypes({});
    const second = await ec2.describeInstanceTypes({ nextToken: first.nextToken ?? '' });
    const last = await ec2.describeInstanceTypes({ nextToken: second.nextToken ?? '' });
    const offered = await aFake({ cataloguePageSize: 1000 }).ec2.describeInstanceTypeOfferings({});

    expect([...first.types, ...second.types, ...last.types]).toEqual(catalogue);
    expect(last).not.toHaveProperty('nextToken');
    expect(offered.offerings).toContainEqual({ instanceType: 'g4dn.xlarge', zone: 'us-east-1a' });
    expect(offered.offerings).not.toContainEqual({ instanceType: 'g4dn.xlarge', zone: 'us-east-1c' });
  });

  it('finds images by id, owner and filter', async () => {
    const { ec2 } = aFake();
    const [first] = defaultRegion.images;

    expect(await ec2.describeImages({ ids: [first?.imageId ?? ''] })).toHaveLength(1);
    expect(await ec2.describeImages({ owners: ['self'] })).toEqual([]);
    expect(await ec2.describeImages({ filters: { architecture: ['arm64'], name: ['ubuntu-*'] } })).toHaveLength(1);
    await expect(ec2.describeImages({ ids: ['ami-0123'] })).rejects.toMatchObject({ code: 'InvalidAMIID.NotFound' });
  });

  it('gives zones and their default subnets', async () => {
    const { ec2 } = aFake();

    const zones = (await ec2.describeAvailabilityZones()).map(({ name }) => name);
    const subnets = await ec2.describeSubnets({ defaultForAz: true });

    expect(subnets.map(({ zone }) => zone)).toEqual(zones);
  });

  it('imports a key pair once per name', async () => {
    const { ec2 } = aFake();

    const pair = await ec2.importKeyPair({ name: 'k', publicKey: RSA, tags: {} });

    expect(pair.fingerprint).toMatch(/^[0-9a-f]{2}(:[0-9a-f]{2}){15}$/);
    expect(await ec2.describeKeyPairs(['k'])).toEqual([pair]);
    await expect(ec2.importKeyPair({ name: 'k', publicKey: RSA, tags: {} })).rejects.toMatchObject({
      code: 'InvalidKeyPair.Duplicate',
    });
    await expect(ec2.importKeyPair({ name: 'x', publicKey: 'nonsense', tags: {} })).rejects.toMatchObject({
      code: 'InvalidKey.Format',
    });
    await expect(ec2.describeKeyPairs(['x'])).rejects.toMatchObject({ code: 'InvalidKeyPair.NotFound' });
  });
});

async function allPages(ec2: FakeEc2, filters: Record<string, readonly string[]>): Promise<string[][]> {
  const pages: string[][] = [];
  let nextToken: string | undefined;
  do {
    const page = await ec2.describeInstances({ filters, maxResults: 5, ...(nextToken === undefined ? {} : { nextToken }) });
    pages.push(page.instances.map(({ instanceId }) => instanceId));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return pages;
}
