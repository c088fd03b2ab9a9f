import { ProviderError } from '@burstcell/provider';
import type { Ec2Instance } from '../ports/ec2-api.js';

/** The machine's state does not let this be done; `participle` ends the sentence "it cannot be …". */
export function wrongState({ instanceId, state }: Ec2Instance, participle: string): ProviderError {
  return new ProviderError('conflict', `${instanceId} is ${state}: it cannot be ${participle}`, {
    subject: 'instance',
    userMessage: `The server is ${state} in the cloud and cannot be ${participle} now; look at it again and repeat.`,
  });
}

/** Throws `conflict` for a machine that has ended or is about to; `participle` as above. */
export function mustLive(machine: Ec2Instance, participle: string): void {
  if (machine.state === 'terminated' || machine.state === 'shutting-down') throw wrongState(machine, participle);
}

/** The volume in the place that the machine boots from; undefined when that is empty. */
export function rootVolumeOf({ blockDevices = [], rootDeviceName }: Ec2Instance) {
  return blockDevices.find(({ deviceName }) => deviceName === rootDeviceName);
}
