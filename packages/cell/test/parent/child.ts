/** A machine of the child's cloud, as the cloud itself shows it. */
export interface Machine {
  id: string;
  /** EC2's word: pending, running, stopping, stopped, shutting-down. */
  state: string;
  /** nova's uuid, where the tags name one: machines launched together share their tags and have none. */
  uuid: string | undefined;
  addresses: string[];
}

/** An image record as the image service shows it. */
export interface ImageRecord {
  name: string | null;
  status: string;
}

/** Whose machines a child has: EC2's, the simulator's, or those of nova's fake driver. */
export type Cloud = 'ec2' | 'simulator' | 'fake';

/** The child cell under a parent: ours, or nova's own for comparison. */
export interface Child {
  /** For people: what answers down there. */
  readonly label: string;
  readonly cloud: Cloud;
  readonly logFiles: readonly string[];
  /** Brings it up; what it starts goes with the bed. */
  start(): Promise<void>;
  /** The last words of a part of it that has ended by itself; undefined while all of it runs. */
  epitaph(): Promise<string | undefined>;
  /** What the cloud runs, terminated machines left out. Undefined where there is no cloud to look at. */
  machines(): Promise<Machine[] | undefined>;
  /** Image records of the parent's image service, where the child is to make them active. */
  images?(): Promise<ImageRecord[]>;
  /** The network of the machine with this address, by the id that `nova add-fixed-ip` would take. */
  networkId(address: string): Promise<string>;
  /** A new volume of the cloud in this zone, or in some zone for '', by its own id; undefined where any will do. */
  makeVolume(zone: string): Promise<string | undefined>;
  /** From now on the cloud refuses launches with this of EC2's codes; null: it has room again. False where that can't be had. */
  refuseLaunches(code: string | null): Promise<boolean>;
}
