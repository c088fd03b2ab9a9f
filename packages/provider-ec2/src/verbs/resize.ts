import type { Progress, ProviderError } from '@burstcell/provider';
import type { Ec2Verbs } from '../context.js';
import { STEP_TAG } from '../launching/tags.js';
import { ec2Cause, errorRow, toProviderError } from '../limits/errors.js';
import { checkSize } from '../planning/sizes.js';
import { refusalKey } from '../planning/unavailable.js';
import type { Ec2Error, Ec2Instance } from '../ports/ec2-api.js';
import { wrongState } from '../watching/machine-state.js';
import { tag, untag } from './tagging.js';

export interface Resize {
  readonly size: string;
  readonly power: 'running' | 'stopped';
}

/**
 * Stop, change the type, start; each call looks where the machine is and takes the next step, so it does
 * not matter which replica calls, or where one died. The type it came from is tagged before it is changed:
 * when the new one has no room, the machine gets its old type back and is started again.
 */
export async function resize(ec2: Ec2Verbs, id: string, wish: Resize, signal?: AbortSignal): Promise<Progress> {
  const machine = await ec2.instances.one(id, signal);
  if (machine.instanceType === wish.size) return settle(ec2, machine, wish, signal);

  switch (machine.state) {
    case 'pending':
    case 'stopping':
      return 'under-way';
    case 'running':
      await checkSize(ec2, machine, wish.size, signal);
      await ec2.power.stop(id, signal ? { signal } : {});
      return 'under-way';
    case 'stopped':
      await checkSize(ec2, machine, wish.size, signal);
      return change(ec2, machine, wish, signal);
    default:
      throw wrongState(machine, 'resized');
  }
}

async function change(ec2: Ec2Verbs, machine: Ec2Instance, wish: Resize, signal?: AbortSignal): Promise<Progress> {
  const from = { [STEP_TAG.resizeFrom]: machine.instanceType };
  await tag(ec2, [machine.instanceId], from, signal);
  await setType(ec2, machine.instanceId, wish.size, signal);
  return settle(ec2, { ...machine, instanceType: wish.size, tags: { ...machine.tags, ...from } }, wish, signal);
}

/** The type is right: what is left is the power. */
async function settle(ec2: Ec2Verbs, machine: Ec2Instance, { power }: Resize, signal?: AbortSignal): Promise<Progress> {
  switch (machine.state) {
    case power:
      if (STEP_TAG.resizeFrom in machine.tags) await untag(ec2, [machine.instanceId], [STEP_TAG.resizeFrom], signal);
      return 'done';
    case 'pending':
    case 'stopping':
      return 'under-way';
    case 'running':
      await ec2.power.stop(machine.instanceId, signal ? { signal } : {});
      return 'under-way';
    case 'stopped':
      await startOrGoBack(ec2, machine, signal);
      return 'under-way';
    default:
      throw wrongState(machine, 'resized');
  }
}

async function startOrGoBack(ec2: Ec2Verbs, machine: Ec2Instance, signal?: AbortSignal): Promise<void> {
  try {
    await ec2.power.start(machine.instanceId, signal);
  } catch (thrown) {
    const error = toProviderError(thrown);
    const cause = ec2Cause(error);
    if (!cause || !isRefusal(error)) throw error;
    await rememberRefusal(ec2, machine, cause);
    await goBack(ec2, machine, signal);
    throw toProviderError(cause, { zone: machine.availabilityZone, instanceType: machine.instanceType });
  }
}

function isRefusal({ kind }: ProviderError): boolean {
  return kind === 'capacity' || kind === 'quota' || kind === 'invalid' || kind === 'unsupported';
}

/** What has no room for this machine has none for others. */
async function rememberRefusal(ec2: Ec2Verbs, machine: Ec2Instance, cause: Ec2Error): Promise<void> {
  const scope = errorRow(cause).refuses;
  if (!scope) return;
  const { instanceType, availabilityZone: zone, market = 'on-demand', subnetId = '' } = machine;
  const key = refusalKey(scope, { instanceType, zone, market, subnetId });
  await ec2.refusals.mark(key, ec2.clock.now() + ec2.config.refusalMemoryMs);
}

/** The old type's place may be taken by now: then the machine stays stopped, and can be started later. */
async function goBack(ec2: Ec2Verbs, { instanceId, tags }: Ec2Instance, signal?: AbortSignal): Promise<void> {
  const from = tags[STEP_TAG.resizeFrom];
  if (from === undefined) return;

  await setType(ec2, instanceId, from, signal);
  await untag(ec2, [instanceId], [STEP_TAG.resizeFrom], signal);
  await ec2.power.start(instanceId, signal).catch((error: unknown) => {
    ec2.log.warn('a server stays stopped after a resize that found no room', { instanceId, size: from, error });
  });
}

function setType(ec2: Ec2Verbs, id: string, instanceType: string, signal?: AbortSignal): Promise<void> {
  return ec2.calls.once({
    action: 'ModifyInstanceAttribute',
    signal,
    context: { instanceType },
    run: (api, options) => api.modifyInstanceAttribute(id, { instanceType }, options),
  });
}
