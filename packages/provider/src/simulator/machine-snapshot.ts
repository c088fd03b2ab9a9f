import type { ProviderInstance } from '../observed.js';
import { type Machine, toProviderInstance } from './machine.js';
import { type Effects, isRescued, type MachineLabels } from './machine-extras.js';

/** One machine as it truly is, whatever its tags, lag or owner say to providers. */
export interface MachineSnapshot extends ProviderInstance {
  readonly owner: string;
  /** The instance uuid it was launched for; always known here, unlike {@link ProviderInstance.uuid}. */
  readonly member: string;
  readonly memoryMb: number;
  readonly vcpus: number;
  /** Launch, starts, reboots and rebuilds. */
  readonly boots: number;
  /** What its root disk was made from; null when it booted from no image. */
  readonly imageId: string | null;
  /** How often each was truly done to it. */
  readonly effects: Readonly<Effects>;
  readonly isRescued: boolean;
  readonly passwordChanges: number;
  /** As last given; null before that. */
  readonly labels: MachineLabels | null;
}

const NO_EFFECTS: Effects = { rebuild: 0, rescue: 0, snapshot: 0 };

export function toSnapshot(machine: Machine): MachineSnapshot {
  return {
    ...toProviderInstance(machine),
    owner: machine.owner,
    member: machine.member,
    memoryMb: machine.demand.memoryMb,
    vcpus: machine.demand.vcpus,
    boots: machine.boots,
    imageId: machine.imageId,
    effects: { ...(machine.extras?.effects ?? NO_EFFECTS) },
    isRescued: isRescued(machine),
    passwordChanges: machine.extras?.passwordChanges ?? 0,
    labels: machine.extras?.labels ?? null,
  };
}
