import { PassThrough } from 'node:stream';
import type { Provider, ProviderAbilities } from '@burstcell/provider';
import { probed, reasonToSkip, runTest } from '@burstcell/provider/conformance';
import { describe, expect, it } from '@jest/globals';
import { flawed, testNamed } from './flawed.js';
import { able } from './simulator/builders.js';
import { simulatorSetup } from './simulator-setup.js';

let tokens = 0;
const withFreshToken = <T extends { readonly token: string }>(asked: T): T => ({ ...asked, token: `fresh-${tokens++}` });

type Flaw = (provider: Provider & Required<ProviderAbilities>) => void;

/** What a careless provider does with its abilities, and the tests that must notice. */
const FLAWS: readonly { readonly what: string; readonly flaw: Flaw; readonly caughtBy: readonly string[] }[] = [
  {
    what: 'rebuilds, rescues and snapshots under a new token with each call',
    flaw: (provider) => {
      const { rebuild, rescue, snapshot, addFixedIp } = provider;
      provider.rebuild = (id, asked, options) => rebuild(id, withFreshToken(asked), options);
      provider.rescue = (id, asked, options) => rescue(id, withFreshToken(asked), options);
      provider.snapshot = (id, asked, options) => snapshot(id, withFreshToken(asked), options);
      provider.addFixedIp = (id, asked, options) => addFixedIp(id, withFreshToken(asked), options);
    },
    caughtBy: [
      'rebuild: is done once when it is repeated with the same token',
      'rebuild: is done once when replies are lost and it is repeated',
      'rescue: is done once when it is repeated with the same token',
      'snapshot: is the same snapshot when it is asked for again with the same token',
      'snapshot: is the only one when the reply is lost and it is repeated',
      'snapshot: is found again by a replica when the reply is lost',
      'addFixedIp: adds one only when it is repeated with the same token, and another with another',
      'addFixedIp: adds one only when the reply is lost and a replica repeats it',
    ],
  },
  {
    what: 'says done while a change is under way',
    flaw: (provider) => {
      const { resize, rescue, detachVolume } = provider;
      provider.resize = (...asked) => resize(...asked).then(() => 'done');
      provider.rescue = (...asked) => rescue(...asked).then(() => 'done');
      provider.detachVolume = (...asked) => detachVolume(...asked).then(() => 'done');
    },
    caughtBy: [
      'resize: is finished by a replica after a crash between its steps',
      'rescue: is finished by a replica after a crash between its steps, and so is unrescue',
      'detachVolume: is finished by a replica after a crash between its steps',
    ],
  },
  {
    what: 'leaves a resized machine at the power state it was in',
    flaw: (provider) => {
      const { resize, describe: read } = provider;
      provider.resize = async (id, size, _power, options) => {
        const state = (await read.call(provider, [id])).get(id)?.state;
        return resize(id, size, state === 'stopped' ? 'stopped' : 'running', options);
      };
    },
    caughtBy: [
      'resize: brings a running machine to that size and to stopped: same id, zone and fixed addresses',
      'resize: brings a stopped machine to that size and to running',
    ],
  },
  {
    what: 'takes a repeated verb for an error',
    flaw: (provider) => {
      const { pause, deleteSnapshot } = provider;
      const seen = new Set<string>();
      const once = (id: string) => (seen.has(id) ? Promise.reject(new TypeError('again')) : Promise.resolve(seen.add(id)));
      provider.pause = (id, options) => once(id).then(() => pause(id, options));
      provider.deleteSnapshot = (id, options) => once(id).then(() => deleteSnapshot(id, options));
    },
    caughtBy: [
      'pause: is no error when the machine is paused already',
      'pause: ends in paused when the reply is lost and it is repeated',
      'snapshot: is gone once it was deleted, and deleting it again is no error',
    ],
  },
  {
    what: 'answers a failed read of snapshots and traffic with nothing',
    flaw: (provider) => {
      const { describeSnapshots, bandwidth } = provider;
      provider.describeSnapshots = (ids, options) => describeSnapshots(ids, options).catch(() => new Map());
      provider.bandwidth = (ids, since, options) => bandwidth(ids, since, options).catch(() => new Map());
    },
    caughtBy: [
      'snapshot: refuses rather than taking an outage for snapshots that are gone',
      'bandwidth: refuses rather than taking an outage for silence',
    ],
  },
  {
    what: 'tells a password in its refusal, and swallows refusals of label',
    flaw: (provider) => {
      const { setPassword, label } = provider;
      provider.setPassword = (id, password) =>
        setPassword(id, password).catch((error: unknown) => {
          throw new Error(`cannot set ${password}`, { cause: error });
        });
      provider.label = (...asked) => label(...asked).catch(() => undefined);
    },
    caughtBy: [
      'setPassword: never tells the password in a refusal',
      'label: says not-found for an unknown id',
      'label: label says unauthorized when the vendor does, and the machine runs on',
    ],
  },
  {
    what: 'says that it has adopted and has done nothing',
    flaw: (provider) => {
      provider.adopt = async () => undefined;
    },
    caughtBy: [
      'adopt: makes a machine ours: listed with its uuid as taken in, and stopped like any other',
      'adopt: says conflict for another cell’s machine, which stays theirs',
      'adopt: says conflict for a machine of another instance, launched or taken in',
    ],
  },
  {
    what: 'says that it has given an address and has done nothing',
    flaw: (provider) => {
      provider.ensureAddress = async () => 'done';
    },
    caughtBy: [
      'ensureAddress: gives one that describe shows once it is done, and the same one when it is asked for again',
      'ensureAddress: is one only when the reply is lost and a replica repeats it',
      'ensureAddress: ensureAddress says not-found for an unknown id',
    ],
  },
  {
    what: 'never gives an adopted machine back',
    flaw: (provider) => {
      provider.release = async () => undefined;
    },
    caughtBy: ['release: makes an adopted machine nobody’s again, and it runs on'],
  },
  {
    what: 'calls every console valid, opens every one, and calls every volume attached',
    flaw: (provider) => {
      provider.validateConsole = async () => true;
      provider.openSerial = async () => new PassThrough();
      provider.attachVolume = async () => ({ deviceName: '/dev/vdb' });
    },
    caughtBy: [
      'connectConsole: holds for the port and type that were handed out, and for no other',
      'connectConsole: holds for no machine that it was not handed out for',
      'connectConsole: holds no longer once the machine has ended',
      'openSerial: says conflict for a stopped machine',
      'openSerial: openSerial says not-found for an unknown id',
      'attachVolume: answers a device name, another for each volume',
      'attachVolume: says conflict for a volume that is in use, which stays where it is',
      'attachVolume: says invalid for a volume in another zone',
      'attachVolume: says not-found for an unknown volume, and that it is about a volume',
    ],
  },
  {
    what: 'shows a picture of no kind that it names, whatever the machine does',
    flaw: (provider) => {
      provider.screenshot = async () => ({ contentType: 'image/png', image: Buffer.from('GIF89a'), takenAt: 'now' });
    },
    caughtBy: [
      'screenshot: is a picture of the type it says, and tells when it was taken',
      'screenshot: says conflict for a stopped machine',
      'screenshot: screenshot says not-found for an unknown id',
    ],
  },
  {
    what: 'forgets changes before they are settled',
    flaw: (provider) => {
      const { changes } = provider;
      provider.changes = async () => {
        const answer = await changes();
        await answer.settle();
        return answer;
      };
    },
    caughtBy: ['changes: names again what was not settled'],
  },
  {
    what: 'never settles a change',
    flaw: (provider) => {
      const { changes } = provider;
      provider.changes = async () => ({ ...(await changes()), settle: async () => undefined });
    },
    caughtBy: ['changes: names no more what was settled'],
  },
];

describe('the conformance suite, of abilities,', () => {
  for (const { what, flaw, caughtBy } of FLAWS) {
    for (const name of caughtBy) {
      it(`notices a provider that ${what} (${name})`, async () => {
        await expect(
          runTest(
            testNamed(name),
            flawed((provider) => flaw(able(provider))),
          ),
        ).rejects.toThrow();
      });
    }
  }
});

describe('an absent ability', () => {
  /** The simulator leaves nothing behind. */
  const NEEDLESS = ['leftovers', 'deleteLeftover'];
  const withoutPause = flawed((provider) => {
    delete provider.pause;
  });

  it('is seen by probing, and is then the reason why its tests are skipped', async () => {
    const setup = await probed(withoutPause);

    expect(setup.absent).toEqual(['pause', ...NEEDLESS]);
    expect(reasonToSkip(testNamed('pause: leaves a machine that can be terminated'), setup)).toBe('ability absent: pause');
    expect(reasonToSkip(testNamed('suspend: leaves a machine that can be terminated'), setup)).toBeUndefined();
    expect(reasonToSkip(testNamed('terminate: ends a stopped machine'), setup)).toBeUndefined();
  });

  it('fails its tests where the setup was not probed, and no others: they never count as passed', async () => {
    const ofPause = runTest(testNamed('pause: leaves a machine that can be terminated'), withoutPause);
    const ofSuspend = runTest(testNamed('suspend: leaves a machine that can be terminated'), withoutPause);

    await expect(ofPause).rejects.toThrow('ability absent: pause');
    await expect(ofSuspend).resolves.toBeUndefined();
  });

  it('keeps no test of the verbs that every provider has from being run', async () => {
    const brokenToo = flawed((provider) => {
      delete provider.pause;
      provider.terminate = async () => undefined;
    });

    await expect(runTest(testNamed('terminate: ends a stopped machine'), brokenToo)).rejects.toThrow('nothing has changed');
  });

  it('shows in no ability of a whole simulator but what it has no need of', async () => {
    expect((await probed(simulatorSetup)).absent).toEqual(NEEDLESS);
  });
});
