import type { Launch, LaunchRequest, Offering, Provider, ProviderInstance } from '@burstcell/provider';
import { aLaunchRequest } from '@burstcell/provider/conformance';
import type { InstanceView, OperationRow, Store } from '@burstcell/store';
import { describe, expect, it } from '@jest/globals';
import { Launcher } from '../../src/operations/launcher.js';
import { done, type Tools, type Verb } from '../../src/operations/verb.js';
import { Worker } from '../../src/operations/worker.js';

const OFFERING: Offering = { key: 'zone-a', zone: 'zone-a', parameters: {} };

function anOperation(id: string, verb: string): OperationRow {
  const deadline = new Date(Date.now() + 600_000);
  return { id, verb, instanceUuid: id, fence: '1', step: 'under way', origin: {}, memo: {}, deadline } as unknown as OperationRow;
}

/** Hands these out, as many as are asked for, and takes every record. */
function aStore(due: OperationRow[]): Store {
  return {
    onWork: () => () => {},
    commit: async () => 'done',
    operations: {
      claim: async ({ limit }: { limit: number }) => due.splice(0, limit),
      nextDueMs: async () => null,
      renew: async () => new Map(),
    },
    instances: {
      views: async (uuids: string[]) => new Map(uuids.map((uuid) => [uuid, { uuid, deleted: 0 } as InstanceView])),
    },
    providerInstances: { of: async () => new Map() },
  } as unknown as Store;
}

/** Admits launches when the test says so. */
function aProvider() {
  let open: () => void = () => {};
  const door = new Promise<void>((resolve) => {
    open = resolve;
  });
  const provider = {
    admit: () => door,
    freeze: (requests: readonly LaunchRequest[], offering: Offering): Launch[] => [
      { token: 't', offering, members: requests.map(({ uuid }) => uuid), parameters: {} },
    ],
    launch: async ({ members }: Launch) => new Map(members.map((uuid) => [uuid, { providerId: uuid } as ProviderInstance])),
  } as unknown as Provider;
  return { provider, open };
}

function aVerb(name: string, run: Verb['run']): readonly [string, Verb] {
  return [name, { name, action: null, taskState: null, from: 'any', deadline: 'verb', run }];
}

describe('the worker', () => {
  it('goes on with other verbs, and gathers more builds, while builds wait for the launch limit', async () => {
    const store = aStore(['a', 'b', 'c'].map((id) => anOperation(id, 'build')).concat(anOperation('d', 'stop')));
    const { provider, open } = aProvider();
    const launcher = new Launcher(store, provider);
    const launched: (readonly string[])[] = [];
    let stopped: () => void = () => {};
    const isStopped = new Promise<void>((resolve) => {
      stopped = resolve;
    });
    const build = aVerb('build', async ({ operation }) => {
      const request = aLaunchRequest({ uuid: operation.id });
      const { launch } = await launcher.launch({ operation, request, offering: OFFERING, attempt: 1, intent: () => [] });
      launched.push(launch.members);
      return done([]);
    });
    const stop = aVerb('stop', async () => {
      stopped();
      return done([]);
    });
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const tools = { store, provider, launcher, log, now: () => new Date() } as unknown as Tools;
    const worker = new Worker(tools, new Map([build, stop]), { holder: 'test', concurrency: 1 });

    worker.start();
    await isStopped;
    expect(launcher.waitingBuilds).toBe(3);
    open();
    await worker.stop(10_000);

    expect(launched).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
    ]);
  });
});
