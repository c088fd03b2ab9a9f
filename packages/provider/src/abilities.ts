import type { Duplex } from 'node:stream';
import type { ProviderChanges } from './changes.js';
import type { FlavorRequest, ImageRequest, Json, JsonObject, Launch } from './launch.js';
import type { ConsoleOutput, UnownedPage } from './observed.js';
import type { CallOptions } from './provider.js';
import type { SecurityGroupAbilities } from './security-groups.js';

/**
 * How far a change has come that takes the vendor several steps. `under-way`: call the same again later;
 * each call looks where the machine is and takes the next step, so a crash in between loses nothing.
 */
export type Progress = 'done' | 'under-way';

/** A snapshot as the vendor keeps it: what an image record or a shelved instance stands on. */
export interface ProviderSnapshot {
  readonly snapshotId: string;
  readonly state: 'pending' | 'available' | 'error';
  /** 0 to 100; null when the vendor does not say. */
  readonly progress: number | null;
  readonly sizeGb: number | null;
}

/** A volume as the front resolved it: the vendor's id from the volume service, metadata or an operator's map. */
export interface VolumeRequest {
  /** cinder's id. */
  readonly volumeId: string;
  /** The vendor's id. */
  readonly providerVolumeId: string;
  /** `/dev/vdb`, …; null leaves the choice to the provider. */
  readonly deviceName: string | null;
}

/** For whom an address is, and what that server's metadata says: a policy may go by it. */
export interface AddressWish {
  /** nova's. */
  readonly uuid: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A volume as the vendor has it. */
export interface ProviderVolume {
  /** As it was asked for. */
  readonly providerVolumeId: string;
  /** A name of {@link ProviderShape.zones}. */
  readonly zone: string;
  readonly sizeGb: number;
  /** The machine that it is attached to; null: it is free. */
  readonly attachedTo: string | null;
}

/** Where a console proxy or browser finds an instance's console. */
export interface ConsoleConnection {
  readonly token: string;
  readonly accessUrl: string;
  readonly host: string;
  readonly port: number;
  readonly internalAccessPath: string | null;
}

export type ConsoleType = 'novnc' | 'xvpvnc' | 'spice-html5' | 'rdp-html5' | 'serial' | 'webmks';

/** What is on a machine's screen. */
export interface Screenshot {
  readonly contentType: 'image/jpeg' | 'image/png';
  readonly image: Uint8Array;
  /** ISO 8601: when it was taken, or answered where the vendor does not say. */
  readonly takenAt: string;
}

/** What a machine is doing, in nova's terms (nova/objects/diagnostics.py); null where the vendor does not say. */
export interface Diagnostics {
  /** nova's words: running, paused, shutdown, crashed, suspended. */
  readonly state: string;
  readonly uptimeSeconds: number | null;
  readonly cpuUtilisation: number | null;
  readonly memoryMb: number | null;
  readonly nics: readonly { readonly mac: string; readonly rxBytes: number | null; readonly txBytes: number | null }[];
  readonly disks: readonly { readonly readBytes: number | null; readonly writeBytes: number | null }[];
  /** The vendor's own figures, by name. */
  readonly details: JsonObject;
}

/** Traffic of one interface in the current period, for nova's bandwidth usage. */
export interface Bandwidth {
  readonly mac: string;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/**
 * What some clouds can do and others cannot. A missing method is a missing ability: the core refuses the verb
 * in one place, and the support matrix says so. All are repeat-safe: the same call again after a crash ends in
 * the same one effect. Common errors: `not-found` for an unknown id, `conflict` in a state that does not allow
 * it (look again and repeat while it is in transition), `unsupported` where this one machine cannot.
 */
export interface ProviderAbilities extends SecurityGroupAbilities {
  /** What the machine wrote to its console; empty while there is nothing yet. */
  consoleOutput?(providerId: string, options?: CallOptions): Promise<ConsoleOutput>;

  /** Freeze with memory kept: `running` → `paused`. */
  pause?(providerId: string, options?: CallOptions): Promise<void>;
  /** `paused` → `running`. */
  unpause?(providerId: string, options?: CallOptions): Promise<void>;

  /** Memory to disk, then off: `running` → `suspended` (or `stopped`, where the vendor makes no difference). */
  suspend?(providerId: string, options?: CallOptions): Promise<void>;
  /** Back from {@link suspend} to `running`. */
  resume?(providerId: string, options?: CallOptions): Promise<void>;

  /**
   * Names of the vendor's sizes this machine could take for that flavor, best first. Throws `unsupported` or
   * `invalid` when none fits its architecture or drivers. Changes nothing.
   */
  sizes?(providerId: string, flavor: FlavorRequest, options?: CallOptions): Promise<readonly string[]>;
  /**
   * Brings the machine to that size and then to that power state, in as many calls as it takes. The size it
   * had is {@link ProviderInstance.size}: going back is a resize to it. `capacity` when the new size has no
   * room: it is then back at the size it had, or stopped, and can be started again.
   */
  resize?(providerId: string, size: string, power: 'running' | 'stopped', options?: CallOptions): Promise<Progress>;

  /** The vendor's id of the image for that request, to be recorded before {@link rebuild} or {@link rescue}. Throws `invalid`. */
  resolveImage?(
    image: ImageRequest,
    options?: CallOptions & {
      /** The machine that is to get it: what an image is may depend on where the machine is. */
      readonly providerId?: string;
    },
  ): Promise<string>;
  /** New root disk from an image, same machine, id and addresses; `token` names this rebuild and makes it once. Ends in the power state it had. */
  rebuild?(
    providerId: string,
    rebuild: { readonly providerImageId: string; readonly token: string },
    options?: CallOptions,
  ): Promise<Progress>;

  /** Boots a rescue system beside the machine's own disks. */
  rescue?(
    providerId: string,
    rescue: { readonly providerImageId: string | null; readonly password: string | null; readonly token: string },
    options?: CallOptions,
  ): Promise<Progress>;
  /** Back to its own disks. */
  unrescue?(providerId: string, unrescue: { readonly token: string }, options?: CallOptions): Promise<Progress>;

  /** Begins a snapshot of the whole machine; the same token gives the same snapshot. */
  snapshot?(
    providerId: string,
    snapshot: { readonly name: string; readonly token: string },
    options?: CallOptions,
  ): Promise<ProviderSnapshot>;
  /** Those that exist, by id. */
  describeSnapshots?(snapshotIds: readonly string[], options?: CallOptions): Promise<ReadonlyMap<string, ProviderSnapshot>>;
  /** An unknown id is no error. */
  deleteSnapshot?(snapshotId: string, options?: CallOptions): Promise<void>;

  /**
   * The administrator's first password, made by the guest and encrypted with the server's public key (RSA, PKCS #1 v1.5), as
   * base64: what `nova get-password` decrypts. Null while there is none, and where there never will be one. Changes nothing.
   */
  encryptedPassword?(providerId: string, options?: CallOptions): Promise<string | null>;
  /** Sets the administrator's password inside a running guest. */
  setPassword?(providerId: string, password: string, options?: CallOptions): Promise<void>;
  diagnostics?(providerId: string, options?: CallOptions): Promise<Diagnostics>;
  bandwidth?(
    providerIds: readonly string[],
    since: Date,
    options?: CallOptions,
  ): Promise<ReadonlyMap<string, readonly Bandwidth[]>>;

  /** `unsupported` for a console type that this cloud does not have. */
  connectConsole?(providerId: string, type: ConsoleType, options?: CallOptions): Promise<ConsoleConnection>;
  /** Whether that port and type were handed out by {@link connectConsole} for this machine and still hold. */
  validateConsole?(providerId: string, port: string, type: string, options?: CallOptions): Promise<boolean>;

  /**
   * Opens the machine's serial console: what it writes can be read, what is written it reads as typed. Each call is a session
   * of its own, and destroying the stream ends it; the stream ends or fails when the vendor ends the session. The signal ends
   * the wait for a session, not the session. `conflict` when the machine does not run or its only session is taken,
   * `unsupported` where this machine has none, `unauthorized` where the account may not.
   */
  openSerial?(providerId: string, options?: CallOptions): Promise<Duplex>;

  /**
   * A picture of the machine's screen as it is now. `wake` types something first, which ends a screen saver and which the
   * guest may see; without it nothing is changed. `conflict` when the machine does not run, `unsupported` where this machine
   * has no screen.
   */
  screenshot?(providerId: string, options?: CallOptions & { readonly wake?: boolean }): Promise<Screenshot>;

  /** Those that exist, by id. Throws `invalid` for one in an account that machine or project cannot use. Changes nothing. */
  describeVolumes?(
    providerVolumeIds: readonly string[],
    options?: CallOptions & {
      /** The machine that is to get them, */
      readonly providerId?: string;
      /** or whose machine, before there is one: which account a volume is in may depend on it. */
      readonly projectId?: string;
    },
  ): Promise<ReadonlyMap<string, ProviderVolume>>;
  /**
   * Brings a machine that was launched with {@link LaunchRequest.rootDisk} `source: 'volume'` to `running` from that volume,
   * which outlives it; what its launch held back for the first boot is told to the guest. Nothing of what it was launched from
   * is left. Once it runs from the volume it is done. `invalid`, `conflict`, `unavailable` and
   * `not-found` as {@link attachVolume} says; `capacity` when the machine finds no room to start again.
   */
  bootFromVolume?(
    providerId: string,
    boot: {
      readonly providerVolumeId: string;
      /** As it was recorded. */
      readonly launch: Launch;
    },
    options?: CallOptions,
  ): Promise<Progress>;
  /** Answers the device's name once it is attached; the same volume again gives the same answer. `invalid` in another zone, `conflict` when it is in use, `unavailable` while the machine that has it is ending. */
  attachVolume?(providerId: string, volume: VolumeRequest, options?: CallOptions): Promise<{ readonly deviceName: string }>;
  /** A volume that is not attached is no error. */
  detachVolume?(providerId: string, providerVolumeId: string, options?: CallOptions): Promise<Progress>;

  /** One more fixed address from that network; seen in the next {@link Provider.describe}. `token` makes it once. */
  addFixedIp?(
    providerId: string,
    fixedIp: { readonly networkId: string | null; readonly token: string },
    options?: CallOptions,
  ): Promise<void>;
  /** An address that it does not have is no error. */
  removeFixedIp?(providerId: string, address: string, options?: CallOptions): Promise<void>;

  /**
   * Gives a machine that runs a public address that is its own until it ends: shown by {@link Provider.describe} from `done` on,
   * stopped too. `not-wished`, without asking the vendor, where neither policy nor metadata wishes one. `quota` and `capacity`
   * when there is none: the machine runs on. What was taken is given back with the machine's end, by {@link Provider.terminate}
   * where it can, else as one of {@link leftovers}.
   */
  ensureAddress?(providerId: string, wish: AddressWish, options?: CallOptions): Promise<Progress | 'not-wished'>;

  /**
   * Whether the vendor refuses to end the machine, whoever asks: {@link Provider.terminate} too is then a `conflict`, until
   * this is called with false. `unsupported` for a machine that cannot be protected.
   */
  protect?(providerId: string, on: boolean, options?: CallOptions): Promise<void>;

  /** Tells the vendor what users call the machine and what they noted about it; capped to what the vendor takes. */
  label?(
    providerId: string,
    labels: { readonly displayName: string; readonly metadata: Readonly<Record<string, Json>> },
    options?: CallOptions,
  ): Promise<void>;

  /**
   * What the vendor says has changed since it was last settled: at least once, in any order, machines of others among
   * it. Waits some seconds for the first change, or not at all, and then answers without any. Several may ask at the
   * same time. Changes nothing.
   */
  changes?(options?: CallOptions): Promise<ProviderChanges>;
  /** One page of the account's machines that carry no cell's tag and have not ended. Changes nothing. */
  unowned?(page?: string, options?: CallOptions): Promise<UnownedPage>;
  /**
   * Sets our ownership tag on a machine that somebody else started, and notes that it was taken in for this instance: from
   * then on `list` shows it and every verb works on it. `conflict` when it carries another cell's tag, is another instance's,
   * or has ended; then nothing is changed.
   */
  adopt?(providerId: string, uuid: string, options?: CallOptions): Promise<void>;
  /** Takes what {@link adopt} set away; the machine goes on as it is. One that is not ours, or unknown, is left alone without an error. */
  release?(providerId: string, options?: CallOptions): Promise<void>;
  /** Disks and addresses of this cell that nothing uses, and whose machine has ended or needs them no more; the vendor's reads may lag, so look more than once. */
  leftovers?(options?: CallOptions): Promise<readonly Leftover[]>;
  /** Deletes one of {@link leftovers}, if it still is one. An unknown one is no error. */
  deleteLeftover?(leftover: Leftover, options?: CallOptions): Promise<void>;
}

/** Something that a verb of this cell left at the vendor, and that costs money. */
export interface Leftover {
  readonly leftoverId: string;
  /** Absent: a disk. An address holds no data. */
  readonly kind?: 'address';
  /** The machine that it belonged to. */
  readonly providerId: string;
  /** Null for what has no size, or where it is unknown. */
  readonly sizeGb: number | null;
}

/** The name of an ability, as {@link ProviderAbilities} has it. */
export type ProviderAbility = keyof ProviderAbilities;
