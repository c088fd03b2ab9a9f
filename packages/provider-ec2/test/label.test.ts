import { describe, expect, it } from '@jest/globals';
import { createEc2Provider } from '../src/index.js';
import { aBench, abilitiesOf, aConfig, aRequest, runningOne } from './builders.js';

describe('labels', () => {
  it('name the machine by the template and note its metadata under the prefix', async () => {
    const bench = aBench({ tags: { Name: 'burst-{display_name}', project: '{project_id}' } });
    const id = await runningOne(bench, aRequest({ projectId: 'p1' }));

    await abilitiesOf(bench).label(id, { displayName: 'db-1', metadata: { role: 'db', port: 5432 } });

    expect(bench.fake.instance(id)?.tags).toMatchObject({
      ...{ Name: 'burst-db-1', project: 'p1', 'metadata:role': 'db', 'metadata:port': '5432' },
    });
  });

  it('send only what differs, and take back what is gone', async () => {
    const bench = aBench();
    const id = await runningOne(bench);
    const { label } = abilitiesOf(bench);
    await label(id, { displayName: 'a', metadata: { one: '1', two: '2' } });
    bench.fake.clearCalls();

    await label(id, { displayName: 'a', metadata: { one: '1', two: '2' } });
    expect(bench.fake.counts().byAction).not.toHaveProperty('CreateTags');
    await label(id, { displayName: 'a', metadata: { one: '1' } });

    expect(bench.fake.instance(id)?.tags).not.toHaveProperty('metadata:two');
    expect(bench.fake.counts().byAction).not.toHaveProperty('CreateTags');
  });

  it('can say nothing about whose the machine is', async () => {
    const bench = aBench({ metadataTagPrefix: 'burst' });
    const id = await runningOne(bench);
    const before = bench.fake.instance(id)?.tags;

    await abilitiesOf(bench).label(id, { displayName: 'a', metadata: { 'cell:cell': 'mine', 'cell:uuid': 'x' } });

    expect(bench.fake.instance(id)?.tags).toEqual({ ...before, Name: 'a' });
  });

  it('leave the metadata out where there is no prefix', async () => {
    const { metadataTagPrefix: _, ...rest } = aConfig();
    const bench = aBench();
    const id = await runningOne(bench);
    const bare = createEc2Provider({ ...rest, api: bench.fake, clock: bench.clock });

    await bare.label?.(id, { displayName: 'a', metadata: { role: 'db' } });

    expect(Object.keys(bench.fake.instance(id)?.tags ?? {})).not.toContain('metadata:role');
  });
});
