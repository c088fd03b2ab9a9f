import { describe, expect, it } from '@jest/globals';
import { aBench, aRequest, launchOne, runningOne } from './builders.js';

describe('protect', () => {
  it('is absent unless locks are to protect', () => {
    expect(aBench().provider.protect).toBeUndefined();
  });

  it('keeps one machine of many, whose ends are gathered into one call, from ending', async () => {
    const bench = aBench({ lockProtects: true });
    const [kept, ...others] = [await runningOne(bench), await runningOne(bench), await runningOne(bench)];
    await bench.provider.protect?.(kept ?? '', true);

    const outcomes = await Promise.allSettled([kept ?? '', ...others].map((id) => bench.provider.terminate(id)));

    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(bench.fake.instance(kept ?? '')?.state).toBe('running');
  });

  it('is unsupported for a spot server, which is ended without it', async () => {
    const bench = aBench({ lockProtects: true, market: 'spot' });
    const id = await launchOne(bench, aRequest());

    await expect(bench.provider.protect?.(id, true)).rejects.toMatchObject({ kind: 'unsupported' });
    await expect(bench.provider.protect?.(id, false)).resolves.toBeUndefined();
    await expect(bench.provider.terminate(id)).resolves.toBeUndefined();
  });
});
