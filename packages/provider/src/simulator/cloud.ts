import { ProviderError } from '../errors.js';
import type { ProviderInstance, ProviderPage, UnownedPage } from '../observed.js';
import type { ProviderHeadroom } from '../shape.js';
import { launchOutside, NOBODY, toUnowned } from './adopting.js';
import { emptyCloud, type Site } from './cloud-state.js';
import { FaultPlan, type SimulatorFault } from './faults.js';
import { forgetOld } from './forgetting.js';
import { type CallCounts, Gate } from './gate.js';
import type { LaunchSpec } from './launch-spec.js';
import { launchMachines } from './launching.js';
import { hasEnded, type Machine, settled, toProviderInstance } from './machine.js';
import { extrasOf } from './machine-extras.js';
import { type MachineSnapshot, toSnapshot } from './machine-snapshot.js';
import { type CloudSettings, decide, type Room, type SimulatedCloudOptions } from './options.js';
import { breakMachine, endMachine, startMachine, stopMachine, terminateMachine } from './powering.js';
import { headroomOf } from './room.js';
import { createVolume, type SimulatedVolume, volumeOf } from './volumes.js';

/**
 * A cloud in memory: zones with room, machines with states, tokens. Several simulators may
 * work on one, like replicas of a cell or cells of one account. It lives and ends with the
 * process. The first part is for tests, which stand outside; the second is what a provider calls.
 */
export class SimulatedCloud {
  readonly settings: CloudSettings;
  readonly gate: Gate;
  readonly #site: Site;
  readonly #faults = new FaultPlan();

  constructor(options: SimulatedCloudOptions = {}) {
    this.settings = decide(options);
    this.gate = new Gate(this.settings, this.#faults);
    const limits = { zones: this.settings.zones, room: options.room ?? {}, quota: options.quota ?? {} };
    this.#site = { state: emptyCloud(limits), settings: this.settings };
  }

  // For tests.

  /** Plans a misfortune; several are used up in the order planned. */
  fault(fault: SimulatorFault): void {
    this.#faults.add(fault);
  }

  clearFaults(): void {
    this.#faults.clear();
  }

  /** Calls that arrived so far, by verb; a fault counts, an already aborted call does not. */
  get counts(): CallCounts {
    return this.gate.counts;
  }

  /** How much fits into the zone from now on, in all (what runs there counts). */
  setRoom(zone: string, room: Room): void {
    const ledger = this.#site.state.rooms.get(zone);
    if (ledger === undefined) throw new RangeError(`there is no zone ${zone}`);
    ledger.limit = room;
  }

  /** Leaves room for `left` more machines in the zone, whatever their size. */
  fill(zone: string, left = 0): void {
    this.setRoom(zone, { instances: (this.#site.state.rooms.get(zone)?.instances ?? 0) + left });
  }

  setQuota(quota: Room): void {
    this.#site.state.account.limit = quota;
  }

  /** The vendor calls a zone impaired: what runs there runs on, nothing new starts. */
  setImpaired(zone: string, isImpaired: boolean): void {
    if (isImpaired) this.#site.state.impairedZones.add(zone);
    else this.#site.state.impairedZones.delete(zone);
  }

  /** Somebody who knows no cells starts a machine; answers its id. */
  launchOutside(zone: string, { name = 'outside', vcpus = 1, memoryMb = 512, diskGb = 1 } = {}): string {
    return launchOutside(this.#site, { zone, name, demand: { vcpus, memoryMb, diskGb } }).providerId;
  }

  /** Somebody stops the machine behind our back. */
  stopOutside(providerId: string, reason = 'stopped outside'): void {
    const machine = this.#existing(providerId);
    stopMachine(this.#site, machine, true);
    machine.reason = reason;
  }

  startOutside(providerId: string): void {
    startMachine(this.#site, this.#existing(providerId));
  }

  /** Somebody, or the vendor, ends the machine behind our back; also while it boots. */
  terminateOutside(providerId: string, reason = 'terminated outside'): void {
    const machine = this.#existing(providerId);
    terminateMachine(this.#site, machine);
    machine.reason = reason;
  }

  /** The vendor says the machine is broken: state `error`. */
  breakOutside(providerId: string, reason = 'broken outside'): void {
    const machine = this.#existing(providerId);
    breakMachine(this.#site, machine);
    machine.reason = reason;
  }

  /** Every machine of every owner that has not vanished yet, oldest first. */
  snapshot(): MachineSnapshot[] {
    this.#forgetOld();
    return [...this.#site.state.machines.values()].map((machine) => toSnapshot(settled(machine, this.settings.clock.now())));
  }

  /** A volume for machines of that zone to attach; it outlives them. */
  createVolume(zone: string, sizeGb = 1): SimulatedVolume {
    return createVolume(this.#site, { zone, sizeGb });
  }

  volume(providerVolumeId: string): SimulatedVolume | undefined {
    return volumeOf(this.#site, providerVolumeId);
  }

  /** The vendor says that the snapshot has failed: state `error`. */
  breakSnapshot(snapshotId: string): void {
    const snapshot = this.#site.state.snapshots.get(snapshotId);
    if (snapshot === undefined) throw new RangeError(`there is no snapshot ${snapshotId}`);
    snapshot.isBroken = true;
  }

  /** The guest, a Windows that has booted first, tells its password. */
  tellPassword(providerId: string, encrypted: string): void {
    extrasOf(this.#existing(providerId)).encryptedPassword = encrypted;
  }

  /** Lets so much pass through the machine's first interface, now. */
  addTraffic(providerId: string, bytes: { readonly bytesIn: number; readonly bytesOut: number }): void {
    extrasOf(this.#existing(providerId)).traffic.push({ ...bytes, atMs: this.settings.clock.now() });
  }

  // For providers: the vendor's side of each call, at once and without faults.

  isAvailable(zone: string): boolean {
    return this.settings.zones.includes(zone) && !this.#site.state.impairedZones.has(zone);
  }

  headroom(): ProviderHeadroom {
    const rooms = this.settings.zones.flatMap((zone) => {
      const room = this.#site.state.rooms.get(zone);
      return room === undefined || !this.isAvailable(zone) ? [] : [room];
    });
    return headroomOf(rooms, this.#site.state.account);
  }

  launch(spec: LaunchSpec): ProviderInstance[] {
    this.#forgetOld();
    return launchMachines(this.#site, spec).map(toProviderInstance);
  }

  describe(providerIds: readonly string[]): Map<string, ProviderInstance> {
    return new Map(this.read(providerIds).map((machine) => [machine.providerId, toProviderInstance(machine)]));
  }

  /** Those of these machines that there are. */
  read(providerIds: readonly string[]): Machine[] {
    this.#forgetOld();
    return providerIds.flatMap((id) => this.#find(id, this.settings.readLagMs) ?? []);
  }

  /** The machines of this owner after the serial that `page` names. */
  list(owner: string, page?: string): ProviderPage {
    const { machines, next } = this.#page(owner, page);
    return { instances: machines.map(toProviderInstance), ...(next === undefined ? {} : { next }) };
  }

  /** Those of nobody that have not ended, likewise. */
  unowned(page?: string): UnownedPage {
    const { machines, next } = this.#page(NOBODY, page);
    const living = machines.filter((machine) => !hasEnded(machine.state));
    return { machines: living.map(toUnowned), ...(next === undefined ? {} : { next }) };
  }

  #page(owner: string, page?: string): { readonly machines: readonly Machine[]; readonly next?: string } {
    this.#forgetOld();
    const after = page === undefined ? 0 : Number(page);
    const found: Machine[] = [];
    for (const machine of this.#site.state.machines.values()) {
      if (machine.serial <= after || machine.owner !== owner || !this.#isShown(machine, this.settings.readLagMs)) continue;
      if (found.length === this.settings.pageSize) return { machines: found, next: String(found.at(-1)?.serial) };
      found.push(settled(machine, this.settings.clock.now()));
    }
    return { machines: found };
  }

  /** A verb on one machine, under the rules of the cloud; `not-found` when there is no such machine, or not yet. */
  on<T>(providerId: string, act: (site: Site, machine: Machine) => T): T {
    return act(this.#site, this.#known(providerId));
  }

  /** A verb that is on no machine. */
  at<T>(act: (site: Site) => T): T {
    return act(this.#site);
  }

  /** For what leaves an unknown machine alone. */
  onKnown(providerId: string, act: (machine: Machine) => void): void {
    const machine = this.#find(providerId, this.settings.verbLagMs);
    if (machine !== undefined) act(machine);
  }

  terminate(providerId: string): void {
    this.onKnown(providerId, (machine) => endMachine(this.#site, machine));
  }

  #forgetOld(): void {
    forgetOld(this.#site);
  }

  #isShown(machine: Machine, lagMs: number): boolean {
    return lagMs === 0 || this.settings.clock.now() - machine.launchedAtMs >= lagMs;
  }

  #find(providerId: string, lagMs: number): Machine | undefined {
    const machine = this.#site.state.machines.get(providerId);
    if (machine === undefined || !this.#isShown(machine, lagMs)) return undefined;
    return settled(machine, this.settings.clock.now());
  }

  #known(providerId: string): Machine {
    const machine = this.#find(providerId, this.settings.verbLagMs);
    if (machine !== undefined) return machine;
    throw new ProviderError('not-found', `there is no machine ${providerId}`, { subject: 'instance' });
  }

  #existing(providerId: string): Machine {
    const machine = this.#site.state.machines.get(providerId);
    if (machine === undefined) throw new RangeError(`there is no machine ${providerId}`);
    return settled(machine, this.settings.clock.now());
  }
}
