import { randomBytes } from 'node:crypto';
import { Agenda } from './agenda.js';
import { Capacity } from './capacity.js';
import type { Clock } from './clock.js';
import { ElasticAddresses } from './elastic-addresses.js';
import { Images } from './images.js';
import { ImportTasks } from './import-tasks.js';
import { KeyPairs } from './key-pairs.js';
import { LaunchTokens } from './launch-tokens.js';
import { Life, type StateChange, type StepDelays } from './life.js';
import { type Lag, Machines } from './machines.js';
import type { Region } from './region.js';
import { RootTasks } from './root-tasks.js';
import { SecurityGroups } from './security-groups.js';
import { Snapshots } from './snapshots.js';
import { Subnets } from './subnets.js';
import { Volumes } from './volumes.js';

export interface AccountOptions {
  readonly clock: Clock;
  readonly region: Region;
  readonly ownerId: string;
  readonly delays: StepDelays;
  readonly lag: Lag;
  readonly onChange: (change: StateChange) => void;
}

function groupsInUse(machines: Machines): ReadonlySet<string> {
  const living = [...machines.all()].filter(({ state }) => state !== 'terminated');
  return new Set(
    living.flatMap(({ launch }) => (launch.interfaces ?? [launch]).flatMap(({ securityGroupIds = [] }) => securityGroupIds)),
  );
}

/** All that one account holds in one region. A new one is empty. */
export class Account {
  readonly clock: Clock;
  readonly region: Region;
  readonly ownerId: string;
  readonly agenda: Agenda;
  readonly capacity = new Capacity();
  readonly subnets: Subnets;
  readonly keyPairs = new KeyPairs();
  readonly tokens = new LaunchTokens();
  readonly machines: Machines;
  readonly addresses: ElasticAddresses;
  readonly life: Life;
  readonly volumes: Volumes;
  readonly snapshots = new Snapshots();
  readonly images: Images;
  readonly rootTasks = new RootTasks();
  readonly importTasks = new ImportTasks();
  readonly securityGroups: SecurityGroups;
  readonly delays: StepDelays;
  #serial = 0;
  readonly #idPrefix = randomBytes(4).toString('hex');

  constructor({ clock, region, ownerId, delays, lag, onChange }: AccountOptions) {
    this.clock = clock;
    this.region = region;
    this.ownerId = ownerId;
    this.agenda = new Agenda(clock);
    this.subnets = new Subnets(region);
    this.machines = new Machines(clock, lag);
    const { publicAddresses: pool } = this.subnets;
    this.addresses = new ElasticAddresses({ machines: this.machines, pool, newId: (kind) => this.newId(kind) });
    this.volumes = new Volumes({ agenda: this.agenda, delays, newId: () => this.newId('vol') });
    this.images = new Images({ clock, region, lag });
    this.securityGroups = new SecurityGroups({
      region,
      newId: () => this.newId('sg'),
      inUse: () => groupsInUse(this.machines),
    });
    this.delays = delays;
    const { agenda, capacity, subnets, machines } = this;
    this.life = new Life({
      clock,
      agenda,
      capacity,
      subnets,
      delays,
      onChange,
      onTerminated: (machine) => {
        this.volumes.release(machine);
        this.addresses.leave(machine);
      },
      onForgotten: (machine) => machines.forget(machine),
    });
  }

  nextSerial(): number {
    this.#serial += 1;
    return this.#serial;
  }

  newId(kind: string): string {
    return this.id(kind, this.nextSerial());
  }

  /** `i-…`, `r-…`: 17 hexadecimal digits, never given twice, different in every account. */
  id(kind: string, serial: number): string {
    return `${kind}-${this.#idPrefix}${serial.toString(16).padStart(9, '0')}`;
  }
}
