/** The simulator's own times: long enough that a verb is seen under way, short enough for twelve releases. */
export const BOOT_DELAY_MS = 50;
export const STOP_DELAY_MS = 20;
/** The last word of an instance is said again after this; the parent's threads may have stored it out of order. */
export const SETTLE_MS = 1_000;
export const UPDATE_GAP_MS = 100;
/** A verb that has not come to rest after this is stuck. Several dozen run at once. */
export const REST_MS = 60_000;
/** How often the parent is looked at while it is waited for. */
export const LOOK_MS = 100;
/** Long enough that no deleted instance is reclaimed while it is looked at. */
export const RECLAIM_S = 3_600;
