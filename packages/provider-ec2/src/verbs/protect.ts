import { ProviderError } from '@burstcell/provider';
import type { Ec2Context } from '../context.js';
import { mustLive } from '../watching/machine-state.js';

/**
 * Termination protection (AWS: "Change instance termination protection"): TerminateInstances is refused while it is on, as
 * is the console's. Repeat-safe. Throws `unsupported` for a spot server, which EC2 does not protect.
 */
export async function protect(ec2: Ec2Context, id: string, on: boolean, signal?: AbortSignal): Promise<void> {
  const machine = await ec2.instances.one(id, signal);
  mustLive(machine, 'protected');
  if (machine.market === 'spot') {
    if (on) throw unprotectable(id);
    return;
  }
  await ec2.calls.once({
    action: 'ModifyInstanceAttribute',
    signal,
    run: (api, options) => api.modifyInstanceAttribute(id, { disableApiTermination: on }, options),
  });
}

function unprotectable(id: string): ProviderError {
  return new ProviderError('unsupported', `${id} is a spot instance, which cannot be protected`, {
    subject: 'instance',
    userMessage: 'A spot server cannot be protected against termination in this cloud; it is locked in nova alone.',
  });
}
