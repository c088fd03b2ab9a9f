import type { Ec2BlockDevice, Ec2Tags } from '../ports/ec2-api.js';
import type { DescribeVolumesInput, Ec2Volume } from '../ports/ec2-storage-api.js';
import type { Agenda } from './agenda.js';
import { ec2Failure } from './failures.js';
import { volumeFilter } from './filters.js';
import type { StepDelays } from './life.js';
import type { Machine } from './machine.js';

/** A volume as the fake keeps it. */
export interface Volume {
  readonly id: string;
  readonly zone: string;
  readonly sizeGb: number;
  tags: Ec2Tags;
  state: 'available' | 'in-use';
  attachment: Attachment | undefined;
}

export interface Attachment {
  readonly machine: Machine;
  readonly device: string;
  state: 'attaching' | 'attached' | 'detaching';
  deleteOnTermination: boolean;
}

/** As a launch asks for it. */
export interface BornVolume extends Pick<Volume, 'sizeGb' | 'tags'> {
  readonly deviceName: string;
  readonly deleteOnTermination: boolean;
}

export interface VolumesParts {
  readonly agenda: Agenda;
  readonly delays: StepDelays;
  readonly newId: () => string;
}

const ID = /^vol-(?:[0-9a-f]{8}|[0-9a-f]{17})$/;

/** All EBS volumes of the account. */
export class Volumes {
  readonly #byId = new Map<string, Volume>();
  readonly #byMachine = new Map<string, Set<Volume>>();

  constructor(private readonly parts: VolumesParts) {}

  add(volume: Pick<Volume, 'zone' | 'sizeGb' | 'tags'>): Volume {
    const made: Volume = { ...volume, id: this.parts.newId(), state: 'available', attachment: undefined };
    this.#byId.set(made.id, made);
    return made;
  }

  /** A root volume comes with its machine and goes with it. */
  addRoot(machine: Machine, volume: Pick<Volume, 'sizeGb' | 'tags'>): Volume {
    return this.addAt(machine, { ...volume, deviceName: machine.rootDeviceName, deleteOnTermination: true });
  }

  /** One that comes with its machine. */
  addAt(machine: Machine, { deviceName: device, sizeGb, tags, deleteOnTermination }: BornVolume): Volume {
    const made = this.add({ zone: machine.subnet.zone, sizeGb, tags });
    this.#join(made, { machine, device, state: 'attached', deleteOnTermination });
    return made;
  }

  all(): IterableIterator<Volume> {
    return this.#byId.values();
  }

  find(id: string): Volume | undefined {
    return this.#byId.get(id);
  }

  /** Throws InvalidVolume.NotFound and InvalidParameterValue. */
  require(id: string): Volume {
    if (!ID.test(id)) throw ec2Failure('InvalidParameterValue', `Value (${id}) for parameter volumeId is invalid.`);
    const volume = this.#byId.get(id);
    if (volume === undefined) throw ec2Failure('InvalidVolume.NotFound', `The volume '${id}' does not exist.`);
    return volume;
  }

  describe({ ids = [], filters = {} }: DescribeVolumesInput): readonly Ec2Volume[] {
    const chosen = ids.length === 0 ? [...this.all()] : ids.map((id) => this.require(id));
    return chosen.map(toEc2Volume).filter(volumeFilter(filters));
  }

  /** What hangs at this device of the machine. */
  at(machine: Machine, device: string): Volume | undefined {
    return [...(this.#byMachine.get(machine.id) ?? [])].find(({ attachment }) => attachment?.device === device);
  }

  devicesOf(machine: Machine): readonly Ec2BlockDevice[] {
    const devices: Ec2BlockDevice[] = [];
    for (const { id, attachment } of this.#byMachine.get(machine.id) ?? []) {
      if (attachment === undefined) continue;
      const { device: deviceName, state: status, deleteOnTermination } = attachment;
      devices.push({ deviceName, volumeId: id, status, deleteOnTermination });
    }
    return devices;
  }

  /** Begins; whether it may is the caller's question. */
  attach(volume: Volume, machine: Machine, device: string): void {
    const attachment: Attachment = { machine, device, state: 'attaching', deleteOnTermination: false };
    this.#join(volume, attachment);
    this.parts.agenda.after(this.parts.delays.volumeMs, () => {
      if (volume.attachment === attachment && attachment.state === 'attaching') attachment.state = 'attached';
    });
  }

  detach(volume: Volume): void {
    const { attachment } = volume;
    if (attachment === undefined || attachment.state === 'detaching') return;
    attachment.state = 'detaching';
    this.parts.agenda.after(this.parts.delays.volumeMs, () => {
      if (volume.attachment === attachment) this.#part(volume);
    });
  }

  /** Puts a new volume in the place of the root one, which stays in the account unless `deleteOld`. */
  replaceRoot(machine: Machine, { deleteOld, sizeGb }: { readonly deleteOld: boolean; readonly sizeGb: number }): void {
    const old = this.at(machine, machine.rootDeviceName);
    if (old !== undefined) {
      this.#part(old);
      if (deleteOld) this.delete(old);
    }
    this.addRoot(machine, { sizeGb, tags: {} });
  }

  delete(volume: Volume): void {
    this.#byId.delete(volume.id);
  }

  /** The machine has ended: its volumes go, or are free again. */
  release(machine: Machine): void {
    for (const volume of [...(this.#byMachine.get(machine.id) ?? [])]) {
      const isItsOwn = volume.attachment?.deleteOnTermination === true;
      this.#part(volume);
      if (isItsOwn) this.delete(volume);
    }
    this.#byMachine.delete(machine.id);
  }

  #join(volume: Volume, attachment: Attachment): void {
    volume.state = 'in-use';
    volume.attachment = attachment;
    const others = this.#byMachine.get(attachment.machine.id);
    if (others) others.add(volume);
    else this.#byMachine.set(attachment.machine.id, new Set([volume]));
  }

  #part(volume: Volume): void {
    if (volume.attachment !== undefined) this.#byMachine.get(volume.attachment.machine.id)?.delete(volume);
    volume.attachment = undefined;
    volume.state = 'available';
  }
}

function toEc2Volume({ id, zone, sizeGb, state, attachment, tags }: Volume): Ec2Volume {
  const attachments =
    attachment === undefined ? [] : [{ instanceId: attachment.machine.id, device: attachment.device, state: attachment.state }];
  return { volumeId: id, zone, sizeGb, state, attachments, tags: { ...tags } };
}
