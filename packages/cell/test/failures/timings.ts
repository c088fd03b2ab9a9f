/** EC2's own times here: seen under way, and soon over. */
export const BOOT_MS = 20;
export const UPDATE_GAP_MS = 50;
/** The last word of an instance is said again after this: never within a run, for the parent stores in order. */
export const SETTLE_MS = 60_000;
/** Builds of a hurried cell end after this; longer than three tries with their pauses. */
export const HURRIED_BUILD_S = 4;
/** A row that has not come to rest after this is stuck. */
export const REST_MS = 60_000;
