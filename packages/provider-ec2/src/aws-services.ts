import type { Clock } from './clock.js';
import type { Budget } from './limits/budget.js';
import { type Calls, makeCalls } from './limits/calls.js';
import type { CommandsApi } from './ports/commands-api.js';
import type { MetricsApi } from './ports/metrics-api.js';
import type { Ec2ProviderConfig } from './settings/config.js';

/** Services of AWS beside EC2, where they are switched on. */
export interface AwsServices {
  /** CloudWatch. */
  readonly metrics?: Calls<MetricsApi>;
  /** Systems Manager. */
  readonly commands?: Calls<CommandsApi>;
}

interface ServiceParts {
  readonly config: Ec2ProviderConfig;
  readonly budget: Budget;
  readonly clock: Clock;
}

/** Makes no client before its first call. `close` ends those that were made here. */
export function openServices({ config, budget, clock }: ServiceParts): AwsServices & { close(): Promise<void> } {
  const metrics = lazily(async () => (await import('./sdk/sdk-metrics.js')).makeSdkMetricsApi(config));
  const commands = lazily(async () => (await import('./sdk/sdk-commands.js')).makeSdkCommandsApi(config));
  const metricsApi: MetricsApi = config.metricsApi ?? {
    getMetricData: async (input, options) => (await metrics.get()).getMetricData(input, options),
  };
  const commandsApi: CommandsApi = config.commandsApi ?? {
    sendCommand: async (input, options) => (await commands.get()).sendCommand(input, options),
    getCommandInvocation: async (input, options) => (await commands.get()).getCommandInvocation(input, options),
  };
  return {
    ...(config.metrics === 'cloudwatch' ? { metrics: makeCalls({ api: metricsApi, budget, clock }) } : {}),
    ...(config.setPassword === 'ssm' ? { commands: makeCalls({ api: commandsApi, budget, clock }) } : {}),
    close: async () => void (await Promise.all([metrics.close(), commands.close()])),
  };
}

/** What is made at its first use; a failure to make it is tried again. */
function lazily<T extends { close(): void }>(make: () => Promise<T>) {
  let made: Promise<T> | undefined;
  const get = (): Promise<T> => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
  const end = (one: T) => one.close();
  return { get, close: async () => made?.then(end, () => {}) };
}
