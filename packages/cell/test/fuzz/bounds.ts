import type { FuzzFigures } from './fuzz-run.js';

/** What a run may keep once it is warm: the instances that mutated builds made, with their machines. A leak is more, and grows. */
const KEPT_MB = 40;

export function isBounded({ heapBeforeMb, heapAfterMb }: FuzzFigures): boolean {
  return heapAfterMb - heapBeforeMb <= KEPT_MB;
}
