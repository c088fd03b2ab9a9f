import type { Provider } from '@burstcell/provider';
import { openServices } from './aws-services.js';
import { systemClock } from './clock.js';
import type { Ec2Context, Foundation } from './context.js';
import { openExtras } from './extras.js';
import { FollowedGroups } from './groups/followed-groups.js';
import { freezeHibernating } from './launching/hibernation.js';
import { Images } from './launching/images.js';
import { KeyPairs } from './launching/key-pairs.js';
import { launch } from './launching/launch.js';
import { YoungInstances } from './launching/young-instances.js';
import type { Budget } from './limits/budget.js';
import { makeCalls } from './limits/calls.js';
import { guarded } from './limits/errors.js';
import { LocalBudget } from './limits/local-budget.js';
import { silentLog } from './log.js';
import { Catalogue } from './planning/catalogue.js';
import { explain } from './planning/explain.js';
import { offerings } from './planning/offerings.js';
import { Prices } from './planning/prices.js';
import { RefusedSizes } from './planning/refused-sizes.js';
import { SecurityGroups } from './planning/security-groups.js';
import { shape } from './planning/shape.js';
import { Subnets } from './planning/subnets.js';
import { LocalRefusals } from './planning/unavailable.js';
import { Zones } from './planning/zones.js';
import type { Ec2Api } from './ports/ec2-api.js';
import { makeSdkApi } from './sdk/sdk-api.js';
import type { Ec2ProviderConfig } from './settings/config.js';
import { type Ec2Abilities, ec2Abilities } from './verbs/abilities.js';
import { Power } from './verbs/power.js';
import { terminate } from './verbs/terminate.js';
import { describe } from './watching/describe.js';
import { InstanceReader } from './watching/instance-reader.js';
import { list } from './watching/list.js';

/** All that it can is there. */
export type Ec2Provider = Provider & Required<Pick<Provider, 'explain' | 'admit'>> & Ec2Abilities;

/** Amazon EC2 in one account as a provider. Makes no call until it is used. Closes only what it made itself. */
export function createEc2Provider(config: Ec2ProviderConfig): Ec2Provider {
  const clock = config.clock ?? systemClock;
  const log = config.log ?? silentLog;
  const budget: Budget = config.sharedBudget ?? new LocalBudget(clock);
  const api: Ec2Api & { close?(): void } = config.api ?? makeSdkApi(config);
  const ec2 = makeContext({ config, clock, log, calls: makeCalls({ api, budget, clock }) });
  const power = new Power(ec2);
  const services = openServices({ config, budget, clock });
  const { extras, imports, close } = openExtras(ec2);

  return {
    name: 'ec2',
    shape: (options) => guarded(shape(ec2, options?.signal)),
    offerings: (request, options) => guarded(offerings(ec2, request, options?.signal)),
    explain: (request, options) => guarded(explain({ ec2, ...(imports && { imports }) }, request, options)),
    freeze: (requests, offering, attempt) => freezeHibernating({ config, offering, attempt }, requests),
    admit: (options) => ec2.calls.admit('RunInstances', options?.signal),
    launch: (frozen, options) => guarded(launch(ec2, frozen, options)),
    describe: (ids, options) => describe(ec2, ids, options?.signal),
    list: (page, options) => guarded(list(ec2, page, options?.signal)),
    start: (id, options) => power.start(id, options?.signal),
    stop: (id, options) => power.stop(id, options),
    reboot: (id, options) => power.reboot(id, options?.signal),
    terminate: (id, options) => terminate({ ...ec2, power }, id, options?.signal),
    ...ec2Abilities({ ...ec2, power, services }),
    ...extras,
    async close() {
      close();
      if (!config.sharedBudget) budget.close?.();
      if (!config.api) api.close?.();
      await services.close();
      ec2.prices.close();
    },
  };
}

function makeContext(foundation: Foundation): Ec2Context {
  const { config, clock, calls } = foundation;
  const young = new YoungInstances(clock);
  const subnets = new Subnets(foundation);
  return {
    ...foundation,
    refusals: config.sharedRefusals ?? new LocalRefusals(clock),
    refusedSizes: new RefusedSizes(clock),
    zones: new Zones(foundation),
    subnets,
    groups: new SecurityGroups(foundation),
    followed: new FollowedGroups(foundation, subnets),
    catalogue: new Catalogue(foundation),
    prices: new Prices(foundation),
    images: new Images(foundation),
    keyPairs: new KeyPairs(foundation),
    young,
    instances: new InstanceReader({ calls, clock, young }),
  };
}
