/** What a run against a real account may cost at most. */
export interface SpendingLimits {
  /** Instance types that may be launched. */
  readonly types: readonly string[];
  readonly machinesAtOnce: number;
  readonly machinesInAll: number;
  /** Of all machines together, from launch to termination, each at least one: AWS bills a minute even for a second. */
  readonly machineMinutes: number;
}

/** The smallest sizes of the cheapest families: some cents for a machine's whole day. Best first. */
export const SMALL_TYPES = ['t3.micro', 't3a.micro', 't4g.micro'] as const;
/** What a resize goes to. */
export const OTHER_TYPES = ['t3.small', 't3a.small', 't4g.small'] as const;

/** The whole suite launches some 250 machines, most of them for two or three minutes; at these sizes ten hours cost about 10 cents. */
export const DEFAULT_LIMITS: SpendingLimits = {
  types: [...SMALL_TYPES, ...OTHER_TYPES],
  // The largest test describes 20 at once.
  machinesAtOnce: 24,
  machinesInAll: 400,
  machineMinutes: 600,
};

/** How often the budget is looked at: a machine that runs on costs next to nothing within it. */
export const BUDGET_LOOK_MS = 15_000;

/** One test: a root volume replacement or a snapshot takes some minutes at AWS. */
export const TEST_TIMEOUT_MS = 20 * 60_000;

/** Whatever happens, the run is ended after so long. */
export const RUN_TIMEOUT_MS = 4 * 3_600_000;

/** Machines need a minute or two to end, and only then can their volumes be deleted. */
export const SWEEP_PATIENCE_MS = 5 * 60_000;
export const SWEEP_LOOK_MS = 2_000;
