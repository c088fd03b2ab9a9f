import type { Launch, ProviderInstance } from '@burstcell/provider';
import type { ProviderInstanceRow, Write } from '@burstcell/store';
import { PowerState, VmState } from '../states.js';
import { WAIT_SAFETY_MS } from '../timings.js';
import { withAddress } from './build-address.js';
import { existingVolumes, rootVolume } from './build-disks.js';
import { rooted } from './build-root.js';
import { attachAll, devicesOf, volumesToAttach } from './build-volumes.js';
import { Failure } from './failure.js';
import { machineOf, machineWrite } from './machine.js';
import { networkInfo } from './network-info.js';
import { type Done, done, type OperationContext, type Step } from './verb.js';

/** Records what came of the launch, and says how the build goes on with the machine. */
export async function launched(context: OperationContext, launch: Launch, machine: ProviderInstance): Promise<Step> {
  const settled: Write = { write: 'settle-launch', token: launch.token, outcome: 'launched' };
  const isRunning = machine.state === 'running';
  const hasVolumes = existingVolumes(devicesOf(context)).length > 0;
  const hasAddresses = context.provider.ensureAddress !== undefined;
  if (isRunning && !hasVolumes && !hasAddresses) return active(context, machine, [settled]);
  return {
    step: 'wait',
    at: isRunning && !hasAddresses ? afterBoot(context) : 'booting',
    delayMs: isRunning ? 0 : WAIT_SAFETY_MS,
    writes: [settled, machineWrite(context.instance.uuid, machine, context.now(), 0)],
  };
}

function afterBoot(context: OperationContext): 'rooting' | 'attaching' {
  return rootVolume(devicesOf(context)) === null ? 'attaching' : 'rooting';
}

async function knownMachine(context: OperationContext): Promise<ProviderInstanceRow> {
  const row = await context.machine();
  if (row === null) throw new Failure('unavailable', 'The machine of this instance is not known any more.', 503);
  return row;
}

/** It is stopped and started on the way: only the provider knows when it runs from its volume. */
export async function rooting(context: OperationContext): Promise<Step> {
  const done = await rooted(context, await knownMachine(context));
  if ('step' in done) return done;
  const { machine, writes } = done;
  if (volumesToAttach(context).length === 0) return active(context, machine, writes);
  const known = machineWrite(context.instance.uuid, machine, context.now(), null);
  return { step: 'wait', at: 'attaching', delayMs: 0, writes: [...writes, known] };
}

/** Waits until the machine runs, then gives it what it lacks: addresses, and after those volumes. */
export async function booting(context: OperationContext): Promise<Step> {
  const row = await knownMachine(context);
  const machine = machineOf(row);
  if (machine.state === 'running') {
    const addressed = await withAddress(context, row);
    return 'step' in addressed ? addressed : withVolumes(context, addressed);
  }
  if (machine.state === 'pending') return { step: 'wait', at: 'booting', delayMs: WAIT_SAFETY_MS };
  throw new Failure(
    'unavailable',
    `The machine ended while it was starting${machine.reason === null ? '.' : `: ${machine.reason}`}`,
    503,
  );
}

/** What fails from here on has volumes to give back: the step says so. */
async function withVolumes(context: OperationContext, machine: ProviderInstance): Promise<Step> {
  if (existingVolumes(devicesOf(context)).length === 0) return active(context, machine, []);
  if (context.operation.step !== 'attaching') return { step: 'wait', at: afterBoot(context), delayMs: 0 };
  return active(context, machine, await attachAll(context, machine));
}

function active(context: OperationContext, machine: ProviderInstance, more: readonly Write[]): Done {
  const { instance, hosts } = context;
  const host = hosts.hostOf(machine.zone);
  const now = context.now();
  return done([
    ...more,
    machineWrite(instance.uuid, machine, now, null),
    {
      write: 'patch-instance',
      uuid: instance.uuid,
      set: {
        vm_state: VmState.ACTIVE,
        task_state: null,
        power_state: PowerState.RUNNING,
        launched_at: now,
        host,
        node: host,
        launched_on: host,
        availability_zone: machine.zone,
        root_device_name: machine.rootDeviceName ?? '/dev/sda',
      },
    },
    { write: 'set-network-info', uuid: instance.uuid, networkInfo: networkInfo(machine) },
  ]);
}
