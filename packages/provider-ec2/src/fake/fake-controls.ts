import type { Ec2SecurityGroup, Ec2Tags } from '../ports/ec2-api.js';
import type { Ec2Snapshot } from '../ports/ec2-storage-api.js';
import type { Account } from './account.js';
import type { CallCounts, LoggedCall } from './call-log.js';
import type { Quota, Room } from './capacity.js';
import type { Gate } from './gate.js';
import type { Injection } from './injections.js';
import type { StateChange } from './life.js';
import type { Machine } from './machine.js';
import { end, reasons } from './power.js';
import { type FakeInstance, type FakeSnapshot, toFakeInstance, toSnapshot } from './snapshot.js';
import type { Volume } from './volumes.js';

export interface ControlParts {
  readonly makeAccount: (onChange: (change: StateChange) => void) => Account;
  readonly makeGate: () => Gate;
}

/** A volume as it truly is. */
export interface FakeVolume {
  readonly volumeId: string;
  readonly state: string;
  readonly instanceId: string | null;
  readonly device: string | null;
  readonly deleteOnTermination: boolean;
}

function toFakeVolume({ id, state, attachment }: Volume): FakeVolume {
  return {
    volumeId: id,
    state,
    instanceId: attachment?.machine.id ?? null,
    device: attachment?.device ?? null,
    deleteOnTermination: attachment?.deleteOnTermination ?? false,
  };
}

/** What a test, or fate, does to the fake from outside. None of it counts as a call. */
export class FakeControls {
  protected account: Account;
  protected gate: Gate;
  readonly #parts: ControlParts;
  readonly #listeners = new Set<(change: StateChange) => void>();

  constructor(parts: ControlParts) {
    this.#parts = parts;
    this.account = this.#newAccount();
    this.gate = parts.makeGate();
  }

  /** How many more instances may be started here; null lifts the limit. Room comes back as they stop or end. */
  setRoom(room: Room, free: number | null): void {
    this.account.capacity.setRoom(room, free);
  }

  /** How many vCPUs may be in use at once; null lifts the limit. */
  setQuota(quota: Quota, vcpus: number | null): void {
    this.account.capacity.setQuota(quota, vcpus);
  }

  /** Makes calls to come fail. */
  inject(injection: Injection): void {
    this.gate.injections.add(injection);
  }

  /** Forgets the injections that have not struck yet. */
  clearInjections(): void {
    this.gate.injections.clear();
  }

  /** From now on every call takes so long before it acts. */
  setLatency(ms: number): void {
    this.gate.latencyMs = ms;
  }

  /** The account's security groups, with their rules. */
  securityGroups(): readonly Ec2SecurityGroup[] {
    return this.account.securityGroups.all();
  }

  /** The last calls, oldest first. */
  calls(): readonly LoggedCall[] {
    return this.gate.log.calls();
  }

  counts(): CallCounts {
    return this.gate.log.counts();
  }

  /** Starts calls and counts anew. */
  clearCalls(): void {
    this.gate.log.clear();
  }

  /** The guest powers itself off. False when it does not run. */
  stopOutside(instanceId: string): boolean {
    const machine = this.#find(instanceId);
    if (machine?.state !== 'running') return false;
    this.account.life.enter(machine, 'stopping', reasons.guest);
    return true;
  }

  /** Somebody else ends it, or AWS does (`spot`). False when there is nothing to end. */
  terminateOutside(instanceId: string, by: 'user' | 'spot' = 'user'): boolean {
    const machine = this.#find(instanceId);
    if (machine === undefined || machine.state === 'terminated') return false;
    end(this.account, machine, reasons[by]);
    return true;
  }

  /** What the machine has written to its console. */
  setConsole(instanceId: string, text: string): void {
    const machine = this.#find(instanceId);
    if (machine !== undefined) machine.consoleText = text;
  }

  /** What the machine, a Windows, has told as its password: encrypted, base64. */
  setPasswordData(instanceId: string, passwordData: string): void {
    const machine = this.#find(instanceId);
    if (machine !== undefined) machine.passwordData = passwordData;
  }

  /** What its guest reads as user data, base64; undefined: nothing. */
  userData(instanceId: string): string | undefined {
    const machine = this.#find(instanceId);
    return machine?.laterUserData ?? machine?.launch.userData;
  }

  /** The key that was pushed last for its serial console. */
  serialKey(instanceId: string): string | undefined {
    return this.#find(instanceId)?.serialKey;
  }

  /** Told of every change of state, at once and in order; the answer ends it. */
  onStateChange(listener: (change: StateChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** One instance as it truly is; undefined when there is none. */
  instance(instanceId: string): FakeInstance | undefined {
    const machine = this.#find(instanceId);
    return machine && this.#show(machine);
  }

  /** Imports that end from now on end in a failure. */
  breakImports(): void {
    this.account.importTasks.areBroken = true;
  }

  /** A new volume, as a volume service would have made it; answers its id. */
  addVolume({
    zone,
    sizeGb = 1,
    tags = {},
  }: {
    readonly zone: string;
    readonly sizeGb?: number;
    readonly tags?: Ec2Tags;
  }): string {
    return this.account.volumes.add({ zone, sizeGb, tags }).id;
  }

  /** Every volume there is, as plain JSON. */
  volumes(): readonly FakeVolume[] {
    this.account.agenda.runDue();
    return [...this.account.volumes.all()].map(toFakeVolume);
  }

  /** Every EBS snapshot there is. */
  ebsSnapshots(): readonly Ec2Snapshot[] {
    this.account.agenda.runDue();
    return this.account.snapshots.all();
  }

  /** How often this machine's root volume was replaced, with the old one deleted or kept. */
  rootReplacements(instanceId: string, old: 'deleted' | 'kept'): number {
    this.account.agenda.runDue();
    return this.account.rootTasks.succeeded(instanceId, old === 'deleted');
  }

  /** Root volume replacements end in this state from now on; null: as EC2 does when all is well. */
  failRootTasks(state: 'failed' | 'failed-detached' | null): void {
    this.account.rootTasks.endIn = state ?? 'succeeded';
  }

  snapshot(): FakeSnapshot {
    this.account.agenda.runDue();
    return toSnapshot(
      [...this.account.machines.all()].map((machine) => this.#show(machine)),
      this.counts(),
    );
  }

  /** An empty account again, without limits, injections and counts; listeners stay. */
  reset(): void {
    this.account.agenda.clear();
    this.account = this.#newAccount();
    this.gate = this.#parts.makeGate();
  }

  #show(machine: Machine): FakeInstance {
    const { ownerId, volumes } = this.account;
    return toFakeInstance(machine, { ownerId, blockDevices: volumes.devicesOf(machine) });
  }

  #find(instanceId: string): Machine | undefined {
    this.account.agenda.runDue();
    return this.account.machines.find(instanceId);
  }

  #newAccount(): Account {
    return this.#parts.makeAccount((change) => {
      for (const listener of this.#listeners) listener(change);
    });
  }
}
