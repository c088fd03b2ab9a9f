import { ManualClock, SimulatedCloud, Simulator } from '@burstcell/provider/simulator';
import { describe, expect, it } from '@jest/globals';
import { able, frozen, launched, stateOf } from './builders.js';

const BOOT_MS = 40_000;
const STOP_MS = 20_000;
const TERMINATE_MS = 10_000;

function slow(): { readonly clock: ManualClock; readonly cloud: SimulatedCloud; readonly provider: Simulator } {
  const clock = new ManualClock();
  const cloud = new SimulatedCloud({ clock, bootMs: BOOT_MS, stopMs: STOP_MS, terminateMs: TERMINATE_MS });
  return { clock, cloud, provider: new Simulator({ cloud }) };
}

describe('a simulated machine', () => {
  it('runs at once, with its address, where nothing takes time', async () => {
    const provider = new Simulator();

    const machine = await launched(provider);

    expect(machine.state).toBe('running');
    expect(machine.nics).toMatchObject([{ mac: '02:00:0a:00:00:01', addresses: [{ address: '10.0.0.1', type: 'fixed' }] }]);
  });

  it('passes through its states as time passes', async () => {
    const { clock, provider } = slow();
    const machine = await launched(provider);
    expect(machine.state).toBe('pending');

    clock.advance(BOOT_MS - 1);
    expect(await stateOf(provider, machine)).toBe('pending');
    clock.advance(1);
    expect(await stateOf(provider, machine)).toBe('running');

    await provider.stop(machine.providerId);
    expect(await stateOf(provider, machine)).toBe('stopping');
    clock.advance(STOP_MS);
    expect(await stateOf(provider, machine)).toBe('stopped');

    await provider.start(machine.providerId);
    expect(await stateOf(provider, machine)).toBe('pending');
    clock.advance(BOOT_MS);
    expect(await stateOf(provider, machine)).toBe('running');

    await provider.terminate(machine.providerId);
    expect(await stateOf(provider, machine)).toBe('terminating');
    clock.advance(TERMINATE_MS);
    expect(await stateOf(provider, machine)).toBe('terminated');
  });

  it('stops at once when forced, also while it stops', async () => {
    const { clock, provider } = slow();
    const machine = await launched(provider);
    clock.advance(BOOT_MS);
    await provider.stop(machine.providerId);

    await provider.stop(machine.providerId, { force: true });

    expect(await stateOf(provider, machine)).toBe('stopped');
  });

  it('vanishes an hour after its end, and its token a day after', async () => {
    const { clock, provider, cloud } = slow();
    const launch = frozen(provider);
    const [machine] = [...(await provider.launch(launch)).values()];
    await provider.terminate(machine?.providerId ?? '');

    clock.advance(59 * 60_000);
    expect(cloud.snapshot()).toHaveLength(1);
    clock.advance(2 * 60_000);
    expect(cloud.snapshot()).toEqual([]);

    await expect(provider.launch(launch)).rejects.toMatchObject({ kind: 'conflict' });
    clock.advance(24 * 60 * 60_000);
    await expect(provider.launch(launch)).resolves.toBeDefined();
  });

  it('writes one line per boot to its console', async () => {
    const provider = new Simulator();
    const { providerId } = await launched(provider);
    await provider.reboot(providerId);

    const { text } = await able(provider).consoleOutput(providerId);

    expect(text.trimEnd().split('\n')).toHaveLength(2);
  });

  it('has a floating address while it runs, where the cloud gives them', async () => {
    const provider = new Simulator({ cloud: new SimulatedCloud({ floatingAddresses: true }) });
    const { providerId, nics } = await launched(provider);
    expect(nics.flatMap(({ addresses }) => addresses).map(({ type }) => type)).toEqual(['fixed', 'floating']);

    await provider.stop(providerId);

    const stopped = (await provider.describe([providerId])).get(providerId);
    expect(stopped?.nics.flatMap(({ addresses }) => addresses).map(({ type }) => type)).toEqual(['fixed']);
  });
});
