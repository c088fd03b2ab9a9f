import { aLaunchRequest, type ProviderSetup } from '@burstcell/provider/conformance';
import { defaultRegion, FakeEc2 } from '../../src/fake/index.js';
import { createEc2Accounts, parseEc2Options } from '../../src/index.js';
import { ALL_ON, anOutsider, effectsOn, fakeSetup, injectionOf, QUICK_MS, SLOW_MS } from './fake-setup.js';
import { ACTION_OF } from './fault-codes.js';
import { withSilence } from './silence.js';

const OTHER = '210987654321';

/** The zones of `defaultRegion` as another account calls them: one further round. */
const NAMES = defaultRegion.zones.map(({ name }) => name);
const ownName = (homeName: string) => NAMES[(NAMES.indexOf(homeName) + 1) % NAMES.length] ?? homeName;

const otherRegion = {
  zones: defaultRegion.zones.map((zone) => ({ ...zone, name: ownName(zone.name) })),
};

/** Two accounts; all that the suite asks for goes to the second, whose zones are called otherwise. */
export const accountsSetup: ProviderSetup = {
  ...fakeSetup,
  async make({ pace }) {
    const delays = pace === 'slow' ? SLOW_MS : QUICK_MS;
    const home = new FakeEc2({ delays });
    const fake = new FakeEc2({ delays, ownerId: OTHER, region: otherRegion });
    const { api, fall } = withSilence(fake);
    const aProvider = (cellName = 'ec2') => {
      const config = { ...parseEc2Options(ALL_ON), cellName, incarnation: 'first' };
      const projects = [aLaunchRequest().projectId];
      return createEc2Accounts({ ...config, api: home }, [
        { account: OTHER, projects, config: { ...config, api, metricsApi: fake.metrics, commandsApi: fake.commands } },
      ]);
    };
    return {
      provider: aProvider(),
      unknownId: `i-0fffffffffffffff0@${OTHER}`,
      replica: async () => aProvider(),
      stranger: async () => aProvider('another'),
      fault: (fault) => (fault.error === 'silence' ? fall(fault) : fake.inject(injectionOf(fault))),
      full: (zone, left = 0) => fake.setRoom({ zone: ownName(zone) }, left),
      requests: (verb) => fake.counts().byAction[ACTION_OF[verb]] ?? 0,
      effects: (ability, providerId) => effectsOn(fake, ability, providerId.split('@')[0] ?? ''),
      volumes: { create: async (zone) => fake.addVolume({ zone: ownName(zone) }), unknownId: 'vol-0fffffffffffffff0' },
      outsider: async () => `${await anOutsider(fake)}@${OTHER}`,
      close() {
        home.reset();
        fake.reset();
      },
    };
  },
};
