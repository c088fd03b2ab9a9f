/** Builds of a hurried cell end after this; longer than three tries with their pauses. */
export const HURRIED_BUILD_S = 4;
/** A row that has not come to rest after this is stuck. */
export const REST_MS = 60_000;
