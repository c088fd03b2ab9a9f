import type { Ec2StateName } from '../ports/ec2-api.js';
import type { Agenda } from './agenda.js';
import type { Capacity } from './capacity.js';
import type { Clock } from './clock.js';
import { type Machine, placeOf } from './machine.js';
import type { Subnets } from './subnets.js';

/** A change of state, as EventBridge tells it: id and state, nothing else. */
export interface StateChange {
  readonly instanceId: string;
  readonly state: Ec2StateName;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** How long each passing state lasts. */
export interface StepDelays {
  readonly pendingMs: number;
  readonly stoppingMs: number;
  readonly shuttingDownMs: number;
  /** How long a volume is attaching or detaching. */
  readonly volumeMs: number;
  /** How long an image and its snapshots are pending. */
  readonly imageMs: number;
  /** How long a terminated instance is still shown. */
  readonly terminatedVisibleMs: number;
}

interface Step {
  readonly to: Ec2StateName;
  readonly after: keyof StepDelays;
}

/** What follows by itself (Amazon EC2: Instance lifecycle). */
const NEXT: Partial<Record<Ec2StateName, Step>> = {
  pending: { to: 'running', after: 'pendingMs' },
  stopping: { to: 'stopped', after: 'stoppingMs' },
  'shutting-down': { to: 'terminated', after: 'shuttingDownMs' },
};

export interface LifeParts {
  readonly clock: Clock;
  readonly agenda: Agenda;
  readonly capacity: Capacity;
  readonly subnets: Subnets;
  readonly delays: StepDelays;
  /** Told of every change, after it. */
  readonly onChange: (change: StateChange) => void;
  /** Told when a machine is terminated. */
  readonly onTerminated: (machine: Machine) => void;
  /** Told when a terminated machine is no longer shown. */
  readonly onForgotten: (machine: Machine) => void;
}

/** The life of machines: states, what they bring and free, and what follows when. */
export class Life {
  constructor(private readonly parts: LifeParts) {}

  /** A machine is born `pending`; its room and private address are taken already. */
  begin(machine: Machine): void {
    this.#tell(machine);
    this.#planNext(machine);
  }

  /** Moves the machine on; a step planned earlier no longer happens. Whether it may is the caller's question. */
  enter(machine: Machine, state: Ec2StateName, reason?: string): void {
    machine.previousState = machine.state;
    machine.state = state;
    machine.changedAt = this.parts.clock.now();
    machine.epoch += 1;
    machine.reason = reason;
    this.#settle(machine);
    this.#tell(machine);
    this.#planNext(machine);
  }

  #settle(machine: Machine): void {
    switch (machine.state) {
      case 'pending':
        machine.launchedAt = machine.changedAt;
        return;
      case 'running':
        if (machine.elasticIp === undefined && getsPublicIp(machine))
          machine.publicIp ??= this.parts.subnets.publicAddresses.take();
        return;
      case 'stopped':
        this.#freeRoom(machine);
        return;
      case 'terminated':
        this.#freeRoom(machine);
        for (const address of [machine.privateIp, ...machine.secondaryIps]) machine.subnet.pool.giveBack(address);
        for (const { subnet, address } of machine.moreInterfaces) subnet.pool.giveBack(address);
        this.parts.onTerminated(machine);
        this.parts.agenda.after(this.parts.delays.terminatedVisibleMs, () => this.parts.onForgotten(machine));
        return;
      default:
    }
  }

  /** A public address that is not elastic goes with the power (Amazon EC2: Instance IP addressing). */
  #freeRoom(machine: Machine): void {
    if (machine.publicIp !== undefined) this.parts.subnets.publicAddresses.giveBack(machine.publicIp);
    machine.publicIp = undefined;
    if (!machine.holdsRoom) return;
    machine.holdsRoom = false;
    this.parts.capacity.giveBack(placeOf(machine));
  }

  #tell(machine: Machine): void {
    this.parts.onChange({ instanceId: machine.id, state: machine.state, at: machine.changedAt });
  }

  #planNext(machine: Machine): void {
    const step = NEXT[machine.state];
    if (step === undefined) return;
    const { epoch, reason } = machine;
    this.parts.agenda.after(this.parts.delays[step.after], () => {
      if (machine.epoch === epoch) this.enter(machine, step.to, reason);
    });
  }
}

/** As the launch or else the subnet says; never with several interfaces (Amazon VPC: Public IPv4 addressing attribute). */
function getsPublicIp({ launch: { interfaces = [] }, subnet }: Machine): boolean {
  return interfaces.length > 1 ? false : (interfaces[0]?.associatePublicIp ?? subnet.isDefault);
}
