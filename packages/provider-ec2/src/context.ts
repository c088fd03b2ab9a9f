import type { AwsServices } from './aws-services.js';
import type { Clock } from './clock.js';
import type { FollowedGroups } from './groups/followed-groups.js';
import type { Images } from './launching/images.js';
import type { KeyPairs } from './launching/key-pairs.js';
import type { YoungInstances } from './launching/young-instances.js';
import type { Calls } from './limits/calls.js';
import type { Log } from './log.js';
import type { Catalogue } from './planning/catalogue.js';
import type { Prices } from './planning/prices.js';
import type { RefusedSizes } from './planning/refused-sizes.js';
import type { SecurityGroups } from './planning/security-groups.js';
import type { Subnets } from './planning/subnets.js';
import type { Refusals } from './planning/unavailable.js';
import type { Zones } from './planning/zones.js';
import type { Ec2ProviderConfig } from './settings/config.js';
import type { Power } from './verbs/power.js';
import type { InstanceReader } from './watching/instance-reader.js';

/** What the verbs share. */
export interface Ec2Context {
  readonly config: Ec2ProviderConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly calls: Calls;
  readonly refusals: Refusals;
  readonly refusedSizes: RefusedSizes;
  readonly zones: Zones;
  readonly subnets: Subnets;
  readonly groups: SecurityGroups;
  /** Those that follow the network service. */
  readonly followed: FollowedGroups;
  readonly catalogue: Catalogue;
  readonly prices: Prices;
  readonly images: Images;
  readonly keyPairs: KeyPairs;
  readonly young: YoungInstances;
  readonly instances: InstanceReader;
}

/** What the verbs of several steps need besides. */
export interface Ec2Verbs extends Ec2Context {
  readonly power: Power;
  readonly services: AwsServices;
}

/** What the keepers of facts are made from. */
export type Foundation = Pick<Ec2Context, 'config' | 'clock' | 'log' | 'calls'>;
