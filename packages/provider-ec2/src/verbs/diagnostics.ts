import type { Diagnostics } from '@burstcell/provider';
import type { Ec2Context, Ec2Verbs } from '../context.js';
import type { Ec2Instance, Ec2StateName } from '../ports/ec2-api.js';
import { mustLive } from '../watching/machine-state.js';
import { isHibernated } from '../watching/observed.js';
import { loadOf } from './load.js';

/** nova's words (nova/objects/fields.py, InstancePowerState); a machine on its way down still counts as running. */
const STATES: Readonly<Record<Ec2StateName, string>> = {
  pending: 'running',
  running: 'running',
  stopping: 'running',
  stopped: 'shutdown',
  'shutting-down': 'running',
  terminated: 'shutdown',
};

/**
 * What EC2 itself tells of a machine, and CloudWatch of its load and traffic where it is asked ({@link loadOf}): that is of
 * all interfaces and all disks together, and is told of the first.
 */
export async function diagnostics(ec2: Ec2Verbs, id: string, signal?: AbortSignal): Promise<Diagnostics> {
  const machine = await ec2.instances.one(id, signal);
  mustLive(machine, 'looked at');
  const [status] = machine.state === 'running' ? await health(ec2, id, signal) : [];
  const load = await loadOf(ec2, machine, signal);
  return {
    state: isHibernated(machine) ? 'suspended' : STATES[machine.state],
    uptimeSeconds: uptimeSeconds(machine, ec2.clock.now()),
    cpuUtilisation: load.cpuUtilisation,
    memoryMb: ec2.catalogue.peek()?.types.get(machine.instanceType)?.memoryMb ?? null,
    nics: machine.interfaces.map(({ mac }, at) => ({ mac, ...(at === 0 ? load.nic : { rxBytes: null, txBytes: null }) })),
    disks: (machine.blockDevices ?? []).map((_, at) => (at === 0 ? load.disk : { readBytes: null, writeBytes: null })),
    details: {
      instanceType: machine.instanceType,
      zone: machine.availabilityZone,
      ec2State: machine.state,
      ...(machine.stateReason === undefined ? {} : { reason: machine.stateReason }),
      ...(status ? { instanceStatus: status.instanceStatus, systemStatus: status.systemStatus } : {}),
      ...load.details,
    },
  };
}

function health(ec2: Ec2Context, id: string, signal?: AbortSignal) {
  return ec2.calls.read({
    action: 'DescribeInstanceStatus',
    signal,
    run: (api, options) => api.describeInstanceStatus([id], options),
  });
}

/** LaunchTime is the last start, not the first (AWS: Instance, LaunchTime). */
function uptimeSeconds({ state, launchTime }: Ec2Instance, nowMs: number): number | null {
  if (state !== 'running' || launchTime === undefined) return null;
  return Math.max(0, Math.floor((nowMs - Date.parse(launchTime)) / 1000));
}
