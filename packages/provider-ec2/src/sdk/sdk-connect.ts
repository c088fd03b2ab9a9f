import type { EC2InstanceConnectClient } from '@aws-sdk/client-ec2-instance-connect';
import type { ConnectApi } from '../ports/ec2-connect-api.js';
import { type SdkSettings, sdkClientConfig } from './sdk-client.js';
import { send } from './sdk-send.js';

/** {@link ConnectApi} on the AWS SDK, which is loaded with the first call: most cells have no consoles. `endpoint_url` is EC2's alone. */
export function connectCalls(settings: SdkSettings): { readonly calls: ConnectApi; close(): void } {
  const load = () => import('@aws-sdk/client-ec2-instance-connect');
  let client: EC2InstanceConnectClient | undefined;
  const calls: ConnectApi = {
    async sendSerialConsoleSSHPublicKey({ instanceId, publicKey }, options) {
      const { EC2InstanceConnectClient: Client, SendSerialConsoleSSHPublicKeyCommand: Command } = await load();
      client ??= new Client(sdkClientConfig(settings));
      const to = client;
      const command = new Command({ InstanceId: instanceId, SerialPort: 0, SSHPublicKey: publicKey });
      await send(options, (http) => to.send(command, http));
    },
  };
  return { calls, close: () => client?.destroy() };
}
