import { type Launch, type Provider, ProviderError } from '@burstcell/provider';
import { contractTests, nameOf, type ProviderSetup, runTest } from '@burstcell/provider/conformance';
import { describe, expect, it } from '@jest/globals';
import { flawed, testNamed } from './flawed.js';
import { simulatorSetup } from './simulator-setup.js';

let launches = 0;
const withFreshToken = (launch: Launch): Launch => ({ ...launch, token: `${launch.token}-${launches++}` });

/** What a careless provider does, and the tests that must notice. */
const FLAWS: readonly {
  readonly what: string;
  readonly flaw: (provider: Provider) => void;
  readonly caughtBy: readonly string[];
}[] = [
  {
    what: 'sends a new token with each call',
    flaw: (provider) => {
      const { launch } = provider;
      provider.launch = (frozen, options) => launch.call(provider, withFreshToken(frozen), options);
    },
    caughtBy: [
      'launch: launches once when the same frozen launch is sent twice',
      'launch: launches once when two replicas send the same launch at once',
      'launch: refuses the token of a terminated machine with conflict, and starts nothing',
      'launch that fails: starts nothing twice when the reply is lost',
      'launch that fails: lets a replica settle a launch whose reply was lost',
      'abort signal: ends the wait for a launch, which the same launch settles later',
    ],
  },
  {
    what: 'takes every failure of a launch for a full zone',
    flaw: (provider) => {
      const { launch } = provider;
      provider.launch = (frozen, options) =>
        launch.call(provider, frozen, options).catch(() => {
          throw new ProviderError('capacity', 'full');
        });
    },
    caughtBy: [
      'launch that fails: starts nothing twice when the reply is lost',
      'launch that fails: says quota when the vendor does, and starts nothing',
      'launch: refuses other parameters under a used token with conflict, and starts nothing',
      'abort signal: aborted before a launch: nothing is started',
    ],
  },
  {
    what: 'rejects with the errors of its SDK',
    flaw: (provider) => {
      const { launch } = provider;
      provider.launch = (frozen, options) =>
        launch.call(provider, frozen, options).catch(() => {
          throw new TypeError('fetch failed');
        });
    },
    caughtBy: ['launch that fails: says unavailable when the vendor does, and starts nothing'],
  },
  {
    what: 'answers a read that failed with nothing',
    flaw: (provider) => {
      const { describe: read, list } = provider;
      provider.describe = (ids, options) => read.call(provider, ids, options).catch(() => new Map());
      provider.list = (page, options) => list.call(provider, page, options).catch(() => ({ instances: [] }));
    },
    caughtBy: [
      'describe: refuses rather than taking an outage for machines that are gone',
      'list: refuses rather than ending early when a page fails',
      'abort signal: aborted before a read: it is refused, never answered empty',
    ],
  },
  {
    what: 'lists the first page only',
    flaw: (provider) => {
      const { list } = provider;
      provider.list = async (page, options) => ({ instances: (await list.call(provider, page, options)).instances });
    },
    caughtBy: ['list: finds every machine exactly once, page by page'],
  },
  {
    what: 'swallows refusals of terminate',
    flaw: (provider) => {
      const { terminate } = provider;
      provider.terminate = (id, options) => terminate.call(provider, id, options).catch(() => undefined);
    },
    caughtBy: ['terminate: never takes a refusal for the end: it says unauthorized when the vendor does'],
  },
  {
    what: 'draws a token by lot when it freezes',
    flaw: (provider) => {
      const { freeze } = provider;
      provider.freeze = (...asked) => freeze.apply(provider, asked).map(withFreshToken);
    },
    caughtBy: ['freeze: gives equal launches for equal arguments', 'freeze: gives the same launches in every replica'],
  },
  {
    what: 'forgets that an offering was refused',
    flaw: (provider) => {
      provider.offerings = async ({ zone }) =>
        ['zone-a', 'zone-b']
          .filter((name) => zone === null || zone === name)
          .map((name) => ({ key: name, zone: name, parameters: {} }));
    },
    caughtBy: [
      'offerings: leaves out what a launch was refused for capacity',
      'offerings: leaves out the zones that an operator has disabled',
      'offerings: says capacity when all were refused lately',
    ],
  },
];

describe('the conformance suite', () => {
  for (const { what, flaw, caughtBy } of FLAWS) {
    for (const name of caughtBy) {
      it(`notices a provider that ${what} (${name})`, async () => {
        await expect(runTest(testNamed(name), flawed(flaw))).rejects.toThrow();
      });
    }
  }

  it('asks a setup for what it neither has nor lacks', async () => {
    const setup: ProviderSetup = {
      async make(options) {
        const { provider, unknownId } = await simulatorSetup.make(options);
        return { provider, unknownId };
      },
    };

    await expect(runTest(testNamed('launch that fails: starts nothing twice when the reply is lost'), setup)).rejects.toThrow(
      'the setup has no fault()',
    );
  });

  it('has a name of its own for every test', () => {
    const names = contractTests().map(nameOf);

    expect(new Set(names).size).toBe(names.length);
  });
});
