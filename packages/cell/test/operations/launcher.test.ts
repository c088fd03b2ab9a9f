import type { Launch, LaunchRequest, Offering, Provider, ProviderInstance } from '@burstcell/provider';
import { aLaunchRequest } from '@burstcell/provider/conformance';
import type { CommitResult, OperationRow, Store, Unit } from '@burstcell/store';
import { describe, expect, it } from '@jest/globals';
import { Launcher } from '../../src/operations/launcher.js';
import { NotOurs } from '../../src/operations/verb.js';

const OFFERING: Offering = { key: 'zone-a', zone: 'zone-a', parameters: {} };

/** A provider that admits launches one at a time, as a test lets it, and shares launches by flavor. */
function aProvider() {
  const calls: Launch[] = [];
  const doors: (() => void)[] = [];
  const provider = {
    admit: () => new Promise<void>((resolve) => doors.push(resolve)),
    freeze: (requests: readonly LaunchRequest[], offering: Offering, attempt: number): Launch[] => {
      const flavors = [...new Set(requests.map((request) => request.flavor.flavorid))];
      return flavors.map((flavor) => {
        const members = requests.filter((request) => request.flavor.flavorid === flavor).map((request) => request.uuid);
        return { token: `${flavor}-${attempt}-${members.join('+')}`, offering, members, parameters: {} };
      });
    },
    launch: async (launch: Launch) => {
      calls.push(launch);
      return new Map(launch.members.map((uuid) => [uuid, { providerId: `i-${uuid}` } as ProviderInstance]));
    },
  } as unknown as Provider;
  const admit = async () => {
    while (doors.length === 0) await new Promise((resolve) => setImmediate(resolve));
    doors.shift()?.();
  };
  return { provider, calls, admit };
}

function aStore(judge: (unit: Unit) => CommitResult = () => 'done') {
  const units: Unit[] = [];
  const commit = async (unit: Unit) => {
    const result = judge(unit);
    if (result === 'done') units.push(unit);
    return result;
  };
  return { store: { commit } as unknown as Store, units };
}

function aWish(uuid: string, flavorid = '1') {
  const request = aLaunchRequest({ uuid, flavor: { ...aLaunchRequest().flavor, flavorid } });
  return { operation: { id: uuid, fence: '1' } as OperationRow, request, offering: OFFERING, attempt: 1, intent: () => [] };
}

describe('the launcher', () => {
  it('puts requests of equal shape into one launch while the provider makes them wait', async () => {
    const { provider, calls, admit } = aProvider();
    const { store, units } = aStore();
    const launcher = new Launcher(store, provider);

    const outcomes = ['a', 'b', 'c'].map((uuid) => launcher.launch(aWish(uuid)));
    await admit();

    expect(await Promise.all(outcomes)).toMatchObject(['a', 'b', 'c'].map((uuid) => ({ machine: { providerId: `i-${uuid}` } })));
    expect(calls.map((launch) => launch.members)).toEqual([['a', 'b', 'c']]);
    expect(units[0]?.guards).toHaveLength(3);
  });

  it('launches the largest of several shapes first, and each only when it is admitted', async () => {
    const { provider, calls, admit } = aProvider();
    const launcher = new Launcher(aStore().store, provider);
    const outcomes = [
      launcher.launch(aWish('a', 'small')),
      launcher.launch(aWish('b', 'large')),
      launcher.launch(aWish('c', 'large')),
    ];

    await admit();
    await Promise.all(outcomes.slice(1));
    expect(calls.map((launch) => launch.members)).toEqual([['b', 'c']]);

    await admit();
    await Promise.all(outcomes);
    expect(calls.map((launch) => launch.members)).toEqual([['b', 'c'], ['a']]);
  });

  it('waits for each account of the provider by itself', async () => {
    const { provider, calls } = aProvider();
    const asked: unknown[] = [];
    provider.admit = async (options) => {
      asked.push(options);
      if (options?.account === 'full') await new Promise(() => {});
    };
    const launcher = new Launcher(aStore().store, provider);
    const inAccount = (uuid: string, account: string) => ({ ...aWish(uuid), offering: { ...OFFERING, key: account, account } });

    void launcher.launch(inAccount('a', 'full'));
    await launcher.launch(inAccount('b', 'free'));

    expect(asked).toEqual(expect.arrayContaining([{ account: 'full' }, { account: 'free' }]));
    expect(calls.map((launch) => launch.members)).toEqual([['b']]);
  });

  it('launches the others when one of them is somebody else’s by now', async () => {
    const { provider, calls, admit } = aProvider();
    const { store } = aStore((unit) => (unit.guards?.some((guard) => 'id' in guard && guard.id === 'lost') ? 'fenced' : 'done'));
    const launcher = new Launcher(store, provider);

    const lost = expect(launcher.launch(aWish('lost'))).rejects.toThrow(NotOurs);
    const kept = launcher.launch(aWish('kept'));
    await admit();

    await lost;
    await expect(kept).resolves.toMatchObject({ machine: { providerId: 'i-kept' } });
    expect(calls.map((launch) => launch.members)).toEqual([['kept']]);
  });

  it('never calls a launch that could not be recorded', async () => {
    const { provider, calls, admit } = aProvider();
    const store = { commit: () => Promise.reject(new Error('the database is away')) } as unknown as Store;
    const launcher = new Launcher(store, provider);

    const refused = expect(launcher.launch(aWish('a'))).rejects.toThrow('the database is away');
    await admit();

    await refused;
    expect(calls).toEqual([]);
  });

  it('tells a member without a machine that it had no room, and the others nothing', async () => {
    const { provider, admit } = aProvider();
    const launch = async (frozen: Launch) => new Map([[frozen.members[0] ?? '', { providerId: 'i-1' } as ProviderInstance]]);
    const launcher = new Launcher(aStore().store, { ...provider, launch });

    const outcomes = ['a', 'b'].map((uuid) => launcher.launch(aWish(uuid)));
    await admit();

    expect(await Promise.all(outcomes)).toMatchObject([
      { machine: { providerId: 'i-1' } },
      { error: { kind: 'capacity' }, isPartial: true },
    ]);
  });

  it('makes one call for all who replay one launch', async () => {
    const { provider, calls } = aProvider();
    const launcher = new Launcher(aStore().store, provider);
    const launch: Launch = { token: 't', offering: OFFERING, members: ['a', 'b'], parameters: {} };

    const [one, other] = await Promise.all([launcher.replay(launch), launcher.replay(launch)]);

    expect(one.get('a')?.providerId).toBe('i-a');
    expect(other.get('b')?.providerId).toBe('i-b');
    expect(calls).toHaveLength(1);
  });
});
