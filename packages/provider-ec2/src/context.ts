import type { AwsServices } from './aws-services.js';
import type { Calls } from './calls.js';
import type { Catalogue } from './catalogue.js';
import type { Clock } from './clock.js';
import type { Ec2ProviderConfig } from './config.js';
import type { Images } from './images.js';
import type { InstanceReader } from './instance-reader.js';
import type { KeyPairs } from './key-pairs.js';
import type { Log } from './log.js';
import type { Power } from './power.js';
import type { Prices } from './prices.js';
import type { RefusedSizes } from './refused-sizes.js';
import type { SecurityGroups } from './security-groups.js';
import type { Subnets } from './subnets.js';
import type { Refusals } from './unavailable.js';
import type { YoungInstances } from './young-instances.js';
import type { Zones } from './zones.js';

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
