import type { Provider } from '@burstcell/provider';
import type { AWS_BUCKETS, Budget, Ec2Settings } from '@burstcell/provider-ec2';
import type { Store } from '@burstcell/store';
import { takeShared } from '../capacity/shared-buckets.js';
import { SharedRefusals } from '../capacity/shared-refusals.js';
import type { CellConfig } from '../config/cell-config.js';
import { ConfigError } from '../config/config-error.js';
import type { ProviderParts } from './open-provider.js';

/** Amazon EC2: the account of `[ec2]`, and those of its accounts file. The AWS SDK takes some 90 MB: only a cell that needs it loads it. */
export async function openEc2(config: CellConfig, { store, incarnation, log }: ProviderParts): Promise<Provider> {
  const { AWS_BUCKETS, accountOf, createEc2Accounts } = await import('@burstcell/provider-ec2');
  const ec2 = await readEc2(config);
  const ec2Log = {
    info: (message: string, facts: object) => log.info(facts, message),
    warn: (message: string, facts: object) => log.warn(facts, message),
  };
  // AWS counts per account and region: all replicas draw on the same buckets and share what they were refused.
  const shared = (settings: Ec2Settings) => {
    const place = `ec2/${accountOf(settings.roleArn ?? '') ?? 'own'}/${settings.region}/`;
    const sharedRefusals = new SharedRefusals(store, place);
    const budget = sharedBudget(store, place, AWS_BUCKETS);
    return { ...settings, cellName: config.cells.name, incarnation, log: ec2Log, sharedBudget: budget, sharedRefusals };
  };
  const others = ec2.accounts.map(({ settings, ...account }) => ({ ...account, config: shared(settings) }));
  return createEc2Accounts(shared(ec2.settings), others);
}

/** The section and its accounts. What is wrong with them is a {@link ConfigError} like that of any other section. */
export async function readEc2({ sections }: CellConfig) {
  const { Ec2OptionError, parseEc2Options, readAccounts } = await import('@burstcell/provider-ec2');
  const section = sections.ec2 ?? {};
  try {
    return { settings: parseEc2Options(section), accounts: readAccounts(section) };
  } catch (error) {
    if (!(error instanceof Ec2OptionError)) throw error;
    const { key, problem, remedy } = error;
    throw new ConfigError(`[ec2] ${key} ${problem}`, `${remedy.charAt(0).toUpperCase()}${remedy.slice(1)}.`);
  }
}

function sharedBudget(store: Store, place: string, buckets: typeof AWS_BUCKETS): Budget {
  return {
    async take(action, demand, signal) {
      const { requests, instances } = { instances: undefined, ...buckets[action] };
      await takeShared(store, place + action, requests, demand.requests ?? 1, signal);
      if (instances !== undefined)
        await takeShared(store, `${place}${action}/instances`, instances, demand.instances ?? 1, signal);
    },
    async drain(action, count) {
      const { instances } = { instances: undefined, ...buckets[action] };
      await store.buckets.empty(place + action);
      if (instances !== undefined) await store.buckets.giveBack(`${place}${action}/instances`, instances, count);
    },
  };
}
