import type { Ec2Context } from '../context.js';
import { STEP_TAG } from '../launching/tags.js';
import type { Ec2Address } from '../ports/ec2-address-api.js';
import { disassociateQuietly, releaseQuietly, takenAddresses } from './elastic-lookup.js';
import type { Power } from './power.js';

/**
 * Ends the machine, and gives back at once the elastic address that was taken for it: an account has few. What cannot be
 * given back now does not keep the machine from its end: the sweep finds it among the leftovers.
 */
export async function terminate(ec2: Ec2Context & { readonly power: Power }, id: string, signal?: AbortSignal): Promise<void> {
  await ec2.power.terminate(id, signal);
  if (ec2.config.elasticAddress === 'never') return;
  try {
    for (const address of await takenAddresses(ec2, [id], signal)) await giveBack(ec2, address, signal);
  } catch (err) {
    ec2.log.info('an elastic address is given back by a later sweep', { providerId: id, why: String(err) });
  }
}

async function giveBack(ec2: Ec2Context, address: Ec2Address, signal?: AbortSignal): Promise<void> {
  const { allocationId, associationId, instanceId, tags } = address;
  if (associationId !== undefined) {
    if (instanceId !== tags[STEP_TAG.addressOf]) return;
    await disassociateQuietly(ec2, associationId, signal);
  }
  await releaseQuietly(ec2, allocationId, signal);
}
