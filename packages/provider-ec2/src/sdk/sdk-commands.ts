import { GetCommandInvocationCommand, SendCommandCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { CommandInvocation, CommandsApi, SendCommandInput } from '../ports/commands-api.js';
import { type SdkSettings, sdkClientConfig } from './sdk-client.js';
import { send } from './sdk-send.js';

/** {@link CommandsApi} on the AWS SDK. Imported when it is first needed: it costs memory that few cells want to spend. */
export function makeSdkCommandsApi(settings: SdkSettings): CommandsApi & { close(): void } {
  const client = new SSMClient(sdkClientConfig(settings));
  return { ...commandsCalls(client), close: () => client.destroy() };
}

export function commandsCalls(client: Pick<SSMClient, 'send'>): CommandsApi {
  return {
    async sendCommand(input, options) {
      const { Command } = await send(options, (http) => client.send(new SendCommandCommand(toRequest(input)), http));
      return { commandId: Command?.CommandId ?? '' };
    },
    async getCommandInvocation({ commandId, instanceId }, options) {
      const command = new GetCommandInvocationCommand({ CommandId: commandId, InstanceId: instanceId });
      const { Status, StatusDetails, StandardOutputContent: output } = await send(options, (http) => client.send(command, http));
      const status = (Status ?? 'Pending') as CommandInvocation['status'];
      return { status, statusDetails: StatusDetails ?? '', ...(output === undefined ? {} : { output }) };
    },
  };
}

function toRequest({ instanceId, document, commands, timeoutSeconds }: SendCommandInput) {
  return {
    InstanceIds: [instanceId],
    DocumentName: document,
    TimeoutSeconds: timeoutSeconds,
    Parameters: { commands: [...commands], executionTimeout: [String(timeoutSeconds)] },
  };
}
