import type { Ec2CallOptions } from './ec2-api.js';

/** EC2 Instance Connect: the service beside EC2 that lets SSH clients in. */
export interface ConnectApi {
  /** An OpenSSH key that opens the instance's serial port 0 for 60 seconds (AWS: SendSerialConsoleSSHPublicKey). Repeat-safe. */
  sendSerialConsoleSSHPublicKey(
    input: { readonly instanceId: string; readonly publicKey: string },
    options?: Ec2CallOptions,
  ): Promise<void>;
}
