import type { Account } from './account.js';
import { ec2Failure } from './failures.js';

/** Throws EC2 Instance Connect's own errors, whose names are not EC2's (AWS: SendSerialConsoleSSHPublicKey). */
export function pushSerialKey(
  { machines }: Account,
  { instanceId, publicKey }: { readonly instanceId: string; readonly publicKey: string },
): void {
  const machine = machines.find(instanceId);
  if (machine === undefined) throw ec2Failure('EC2InstanceNotFoundException', 'The specified instance was not found.');
  if (machine.state !== 'running') {
    throw ec2Failure('EC2InstanceStateInvalidException', 'Unable to connect because the instance is not in a valid state.');
  }
  machine.serialKey = publicKey;
}
