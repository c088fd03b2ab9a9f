import type { Provider } from '@burstcell/provider';
import type { Store } from '@burstcell/store';
import type { CellConfig } from '../config/cell-config.js';
import type { Log } from '../log.js';
import { openEc2, readEc2 } from './ec2.js';
import { openSimulator } from './simulator.js';

/** What a provider is made of besides its section. */
export interface ProviderParts {
  readonly store: Store;
  /** Made once with the database: with the cell's name it marks the machines that are ours. */
  readonly incarnation: string;
  readonly log: Log;
}

/** The provider that `[burst] provider` names. Rejects with a `ConfigError` for what is wrong with its section. */
export async function openProvider(config: CellConfig, parts: ProviderParts): Promise<Provider> {
  switch (config.burst.provider) {
    case 'simulator':
      return openSimulator(config, parts);
    case 'ec2':
      return openEc2(config, parts);
    default:
      return config.burst.provider satisfies never;
  }
}

/** For `burstcell doctor`: reads the provider's options as a cell would. Rejects with a `ConfigError`. */
export async function checkProvider(config: CellConfig): Promise<void> {
  if (config.burst.provider === 'ec2') await readEc2(config);
}

/** For `burstcell doctor`: whether changes at the provider are told of, and the way there is open. Rejects with an error that has a `remedy`. */
export async function probeEvents(config: CellConfig): Promise<boolean> {
  if (config.burst.provider !== 'ec2') return false;
  const { probeEventsQueue } = await import('@burstcell/provider-ec2');
  return probeEventsQueue((await readEc2(config)).settings);
}
