import type { JsonObject } from '../demo-parent/json.js';
import type { CapacityWord } from './failure-row.js';

/** More than the few servers of a run take away, less than a subnet holds. */
const NOTABLY_FEWER = 1_000;

/** What has become of the room for a flavor of so much memory. */
export function capacityWord(before: JsonObject, after: JsonObject, memoryMb: number): CapacityWord {
  const slot = String(memoryMb);
  if (Object.values(after).every((units) => units === 0)) return 'none';
  if (after[slot] === 0) return 'none for the flavor';
  return Number(before[slot]) - Number(after[slot]) > NOTABLY_FEWER ? 'less' : 'unchanged';
}
