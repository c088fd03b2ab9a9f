import type { Ec2CallOptions } from './ec2-api.js';

/** The only calls of Systems Manager that this package makes, in its words; reject with an {@link ./ec2-api.ts Ec2Error}, as EC2's do. */
export interface CommandsApi {
  /** Rejects with InvalidInstanceId for an instance whose agent has not registered (AWS: SendCommand). Repeated, it runs twice. */
  sendCommand(input: SendCommandInput, options?: Ec2CallOptions): Promise<{ readonly commandId: string }>;
  /** Rejects with InvocationDoesNotExist in the first moments (AWS: GetCommandInvocation). */
  getCommandInvocation(
    input: { readonly commandId: string; readonly instanceId: string },
    options?: Ec2CallOptions,
  ): Promise<CommandInvocation>;
}

export interface SendCommandInput {
  readonly instanceId: string;
  /** Name of a document of AWS's: `AWS-RunShellScript`, `AWS-RunPowerShellScript` */
  readonly document: string;
  /** Lines of the script. Kept readable in the account's command history for 30 days. */
  readonly commands: readonly string[];
  /** What it has to begin, and then to end. AWS takes 30 at least. */
  readonly timeoutSeconds: number;
}

/** AWS: CommandInvocation, Status. */
export type CommandStatus = 'Pending' | 'InProgress' | 'Delayed' | 'Success' | 'Cancelled' | 'TimedOut' | 'Failed' | 'Cancelling';

export interface CommandInvocation {
  readonly status: CommandStatus;
  /** Finer: `Undeliverable`, `DeliveryTimedOut`, … */
  readonly statusDetails: string;
  /** What the script wrote to standard output, 24,000 characters at most. It stays in the command history. */
  readonly output?: string;
}
