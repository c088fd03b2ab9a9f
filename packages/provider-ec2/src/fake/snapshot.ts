import type { Ec2Instance, Ec2Market } from '../ports/ec2-api.js';
import type { CallCounts } from './call-log.js';
import { type Machine, type Surroundings, toInstance } from './machine.js';
import { firstInterface } from './seats.js';

/** An instance with what the port leaves out; its true state, whatever reads still show. */
export interface FakeInstance extends Ec2Instance {
  readonly reservationId: string;
  readonly imageId: string;
  readonly market: Ec2Market;
  readonly blockDevices: Surroundings['blockDevices'];
  readonly keyName: string | null;
  readonly securityGroupIds: readonly string[];
}

/** All there is at this moment, as plain JSON. */
export interface FakeSnapshot {
  readonly instances: readonly FakeInstance[];
  /** How many are in each state. */
  readonly states: Readonly<Record<string, number>>;
  readonly calls: CallCounts;
}

export function toFakeInstance(machine: Machine, around: Surroundings): FakeInstance {
  const { launch, reservationId } = machine;
  return {
    ...toInstance(machine, around),
    ...around,
    reservationId,
    imageId: machine.image.imageId,
    market: launch.market,
    keyName: launch.keyName ?? null,
    securityGroupIds: firstInterface(launch).securityGroupIds ?? [],
  };
}

export function toSnapshot(instances: readonly FakeInstance[], calls: CallCounts): FakeSnapshot {
  const states: Record<string, number> = {};
  for (const { state } of instances) states[state] = (states[state] ?? 0) + 1;
  return { instances, states, calls };
}
