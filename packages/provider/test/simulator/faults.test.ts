import { ManualClock, SimulatedCloud, Simulator } from '@burstcell/provider/simulator';
import { describe, expect, it } from '@jest/globals';
import { frozen, launched } from './builders.js';

function aCloud(options: ConstructorParameters<typeof SimulatedCloud>[0] = {}) {
  const cloud = new SimulatedCloud(options);
  return { cloud, provider: new Simulator({ cloud }) };
}

describe('a planned fault', () => {
  it('before: nothing happens', async () => {
    const { cloud, provider } = aCloud();
    cloud.fault({ on: 'launch', when: 'before', error: 'connection-reset' });

    await expect(provider.launch(frozen(provider))).rejects.toMatchObject({ kind: 'unavailable', code: 'ECONNRESET' });

    expect(cloud.snapshot()).toEqual([]);
  });

  it('after: it happens, and the reply is lost', async () => {
    const { cloud, provider } = aCloud();
    cloud.fault({ on: 'launch', when: 'after', error: 'connection-reset' });

    await expect(provider.launch(frozen(provider))).rejects.toMatchObject({ kind: 'unavailable' });

    expect(cloud.snapshot()).toHaveLength(1);
  });

  it('after: a refusal stays a refusal, since nothing happened', async () => {
    const { cloud, provider } = aCloud();
    cloud.fill('zone-a');
    cloud.fault({ on: 'launch', when: 'after', error: 'connection-reset' });

    await expect(provider.launch(frozen(provider))).rejects.toMatchObject({ kind: 'capacity' });
  });

  it('befalls its verb only, as often as it was told', async () => {
    const { cloud, provider } = aCloud();
    const { providerId } = await launched(provider);
    cloud.fault({ on: 'stop', when: 'before', error: 'throttled', times: 2 });

    await provider.describe([providerId]);
    await expect(provider.stop(providerId)).rejects.toMatchObject({ kind: 'throttled' });
    await expect(provider.stop(providerId)).rejects.toMatchObject({ kind: 'throttled' });
    await expect(provider.stop(providerId)).resolves.toBeUndefined();
  });

  it('befalls every call until faults are cleared', async () => {
    const { cloud, provider } = aCloud();
    cloud.fault({ on: 'list', when: 'before', error: 'unavailable', times: Number.POSITIVE_INFINITY });
    await expect(provider.list()).rejects.toMatchObject({ kind: 'unavailable' });

    cloud.clearFaults();

    await expect(provider.list()).resolves.toEqual({ instances: [] });
  });

  it('says what it was told to say', async () => {
    const { cloud, provider } = aCloud();
    const details = { subject: 'image', userMessage: 'Image x is not known there.', faultCode: 404 } as const;
    cloud.fault({ on: 'launch', when: 'before', error: 'not-found', message: 'no such image', details });

    await expect(provider.launch(frozen(provider))).rejects.toMatchObject({ message: 'no such image', ...details });
  });

  it('counts as a call', async () => {
    const { cloud, provider } = aCloud();
    cloud.fault({ on: 'list', when: 'before', error: 'unavailable' });
    await provider.list().catch(() => undefined);
    await provider.list();

    expect(cloud.counts).toEqual({ list: 2 });
  });
});

describe('latency', () => {
  it('delays the answer and not the effect, so that an abort ends the wait only', async () => {
    const clock = new ManualClock();
    const { cloud, provider } = aCloud({ clock, latencyMs: { launch: 1_000 } });
    const controller = new AbortController();
    const launch = frozen(provider);

    const waiting = provider.launch(launch, { signal: controller.signal });
    controller.abort();

    await expect(waiting).rejects.toMatchObject({ kind: 'unavailable', code: 'Aborted' });
    expect(cloud.snapshot()).toHaveLength(1);
  });

  it('passes with the clock', async () => {
    const clock = new ManualClock();
    const { provider } = aCloud({ clock, latencyMs: 1_000 });

    const waiting = provider.list();
    clock.advance(1_000);

    await expect(waiting).resolves.toEqual({ instances: [] });
  });
});

describe('a closed simulator', () => {
  it('refuses every call', async () => {
    const { provider } = aCloud();
    await provider.close();

    await expect(provider.list()).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
