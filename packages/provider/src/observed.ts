/** A machine's state in words that every vendor's fit into. `error`: the vendor says it is broken. */
export type ProviderState =
  | 'pending'
  | 'running'
  | 'paused'
  | 'suspended'
  | 'stopping'
  | 'stopped'
  | 'terminating'
  | 'terminated'
  | 'error';

export interface ProviderAddress {
  readonly address: string;
  readonly version: 4 | 6;
  /** `fixed`: on the instance's own interface; `floating`: reaches it from outside. */
  readonly type: 'fixed' | 'floating';
}

/** A network interface as seen at the vendor. */
export interface ProviderNic {
  readonly id: string;
  readonly mac: string;
  /** Network and subnet ids of the vendor, and how users should see the network called. */
  readonly networkId: string;
  readonly networkLabel: string;
  readonly cidr: string | null;
  readonly addresses: readonly ProviderAddress[];
}

/** What a provider says of one machine. */
export interface ProviderInstance {
  readonly providerId: string;
  readonly state: ProviderState;
  /** Zone it runs in; names one compute host. */
  readonly zone: string;
  /** ISO 8601 in UTC; null when the vendor does not say. */
  readonly launchedAt: string | null;
  readonly nics: readonly ProviderNic[];
  /** The vendor's name of its size (EC2: instance type); null when unknown. */
  readonly size: string | null;
  /** `/dev/sda1`, `/dev/xvda`, …; null when unknown. */
  readonly rootDeviceName: string | null;
  /** The vendor's own reason for the state, for people; null when there is none. */
  readonly reason: string | null;
  /** nova's uuid according to our tag; null when the machine does not carry it. */
  readonly uuid: string | null;
  /** Token of the launch that made it, according to tag or vendor; null when unknown. */
  readonly launchToken: string | null;
  /** Our tag says that it was taken in, not launched; absent: no. */
  readonly isAdopted?: true;
}

/** A machine of the account that belongs to no cell, with what a flavor for it is chosen by; null: unknown. */
export interface UnownedMachine {
  readonly machine: ProviderInstance;
  /** What its owner calls it. */
  readonly name: string | null;
  readonly vcpus: number | null;
  readonly memoryMb: number | null;
}

export interface UnownedPage {
  readonly machines: readonly UnownedMachine[];
  /** Where to go on; undefined on the last page. A page may be empty and not the last. */
  readonly next?: string;
}

export interface ProviderPage {
  readonly instances: readonly ProviderInstance[];
  /** Where to go on; undefined on the last page. */
  readonly next?: string;
}

export interface ConsoleOutput {
  readonly text: string;
  /** When the vendor took it, ISO 8601; null when unknown. EC2's is minutes old. */
  readonly at: string | null;
}
