import { ProviderError } from '@burstcell/provider';
import type { Ec2Context } from '../context.js';
import { wrongState } from '../watching/machine-state.js';
import { isHibernation } from '../watching/observed.js';

/**
 * Hibernation, which EC2 does only where the launch allowed it (AWS: "Hibernate your Amazon EC2 instance");
 * the machine is then `suspended`, and starting it resumes it. Repeat-safe. Throws `unsupported` for any other.
 */
export async function suspend(ec2: Ec2Context, id: string, signal?: AbortSignal): Promise<void> {
  const machine = await ec2.instances.one(id, signal);
  if ((machine.state === 'stopping' || machine.state === 'stopped') && isHibernation(machine.stateReason)) return;
  if (machine.hibernationConfigured !== true) throw cannot(id);
  if (machine.state !== 'running') throw wrongState(machine, 'suspended');

  await ec2.calls.once({
    action: 'StopInstances',
    signal,
    run: (api, options) => api.stopInstances([id], { ...options, hibernate: true }),
  });
}

function cannot(id: string): ProviderError {
  return new ProviderError('unsupported', `${id} was launched without hibernation`, {
    subject: 'instance',
    userMessage: 'The server was not booted for hibernation and cannot be suspended in this cloud; stop it instead.',
  });
}
