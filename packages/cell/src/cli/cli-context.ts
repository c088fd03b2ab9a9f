import type { SchemaStatus, Store } from '@burstcell/store';
import type { CellConfig } from '../config/cell-config.js';
import type { OptionGroup } from '../config/option.js';

/** The cell's database as the commands use it. All reject with a `StoreError`. */
export interface DatabasePort {
  open(url: string): Promise<Pick<Store, 'cells' | 'close'>>;
  /** Applies what is missing and answers the names applied. Repeat-safe, also by several at once. */
  migrate(url: string): Promise<readonly string[]>;
  status(url: string): Promise<SchemaStatus>;
}

/** What the commands get from the process around them; tests give their own. */
export interface CliContext {
  /** Writes to standard output; a line feed is added. */
  readonly print: (text: string) => void;
  /** Writes to standard error; a line feed is added. */
  readonly complain: (text: string) => void;
  /** Reads standard input to its end. */
  readonly readInput: () => Promise<string>;
  /** The providers' sections; asked late, for naming the providers loads them. */
  readonly providerOptions: () => Promise<readonly OptionGroup[]>;
  readonly database: DatabasePort;
  /** Connects to a broker and leaves again. Rejects when it cannot. */
  readonly probeBroker: (url: string, config: CellConfig) => Promise<void>;
  /** Reads the provider's options as a cell would. Rejects with a `ConfigError`. */
  readonly checkProvider?: (config: CellConfig) => Promise<void>;
  /** Looks at the events queue; false: none is configured. Rejects with an error that has a `remedy`. */
  readonly probeEvents?: (config: CellConfig) => Promise<boolean>;
  /** What running cells found wrong about the parent's release lately; null: nothing. */
  readonly parentFinding?: (config: CellConfig) => Promise<string | null>;
  /** Runs the cell until it is told to stop; answers the exit code. */
  readonly runCell: (config: CellConfig) => Promise<number>;
}
