import type { Provider } from '@burstcell/provider';
import { type Ec2Abilities, ec2Abilities } from './abilities.js';
import { openServices } from './aws-services.js';
import type { Budget } from './budget.js';
import { makeCalls } from './calls.js';
import { Catalogue } from './catalogue.js';
import { systemClock } from './clock.js';
import type { Ec2ProviderConfig } from './config.js';
import type { Ec2Context, Foundation } from './context.js';
import { describe } from './describe.js';
import type { Ec2Api } from './ec2-api.js';
import { guarded } from './errors.js';
import { explain } from './explain.js';
import { openExtras } from './extras.js';
import { freezeHibernating } from './hibernation.js';
import { Images } from './images.js';
import { InstanceReader } from './instance-reader.js';
import { KeyPairs } from './key-pairs.js';
import { launch } from './launch.js';
import { list } from './list.js';
import { LocalBudget } from './local-budget.js';
import { silentLog } from './log.js';
import { offerings } from './offerings.js';
import { Power } from './power.js';
import { Prices } from './prices.js';
import { RefusedSizes } from './refused-sizes.js';
import { makeSdkApi } from './sdk-api.js';
import { SecurityGroups } from './security-groups.js';
import { shape } from './shape.js';
import { Subnets } from './subnets.js';
import { LocalRefusals } from './unavailable.js';
import { YoungInstances } from './young-instances.js';
import { Zones } from './zones.js';

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
  const { extras, close } = openExtras(ec2);

  return {
    name: 'ec2',
    shape: (options) => guarded(shape(ec2, options?.signal)),
    offerings: (request, options) => guarded(offerings(ec2, request, options?.signal)),
    explain: (request, options) => guarded(explain(ec2, request, options?.signal)),
    freeze: (requests, offering, attempt) => freezeHibernating({ config, offering, attempt }, requests),
    admit: (options) => ec2.calls.admit('RunInstances', options?.signal),
    launch: (frozen, options) => guarded(launch(ec2, frozen, options)),
    describe: (ids, options) => describe(ec2, ids, options?.signal),
    list: (page, options) => guarded(list(ec2, page, options?.signal)),
    start: (id, options) => power.start(id, options?.signal),
    stop: (id, options) => power.stop(id, options),
    reboot: (id, options) => power.reboot(id, options?.signal),
    terminate: (id, options) => power.terminate(id, options?.signal),
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
  return {
    ...foundation,
    refusals: config.sharedRefusals ?? new LocalRefusals(clock),
    refusedSizes: new RefusedSizes(clock),
    zones: new Zones(foundation),
    subnets: new Subnets(foundation),
    groups: new SecurityGroups(foundation),
    catalogue: new Catalogue(foundation),
    prices: new Prices(foundation),
    images: new Images(foundation),
    keyPairs: new KeyPairs(foundation),
    young,
    instances: new InstanceReader({ calls, clock, young }),
  };
}
