import type { Release } from '@burstcell/wire';

/** What this front does for a parent of a release, besides speaking its dialect. */
export interface ReleaseHabits {
  /**
   * When the first report of a build goes up. A delete that comes before it leaks the project's quota at a Havana to Mitaka
   * parent, for good (seen on real ones), so there it goes at once and without a host. A Newton parent leaks when the delete
   * comes after a report and before the build request is removed, which is done with the host: there it waits for one.
   * Grizzly and Ocata on give the quota back either way.
   */
  readonly firstReport: 'on-arrival' | 'when-placed';
  /**
   * `nova unlock` runs the code of `lock` at the parent (nova/compute/cells_api.py, Grizzly to Icehouse): only what we
   * report unlocks it there, so the lock is ours to tell. From Juno on it is the parent's.
   */
  readonly reportsLock: boolean;
}

const EARLY: ReleaseHabits = { firstReport: 'on-arrival', reportsLock: false };
const LATE: ReleaseHabits = { firstReport: 'when-placed', reportsLock: false };

const HABITS: Readonly<Record<Release, ReleaseHabits>> = {
  grizzly: { ...LATE, reportsLock: true },
  havana: { ...EARLY, reportsLock: true },
  icehouse: { ...EARLY, reportsLock: true },
  juno: EARLY,
  kilo: EARLY,
  liberty: EARLY,
  mitaka: EARLY,
  newton: LATE,
  ocata: LATE,
  pike: LATE,
  queens: LATE,
  rocky: LATE,
};

export function habitsOf(release: Release): ReleaseHabits {
  return HABITS[release];
}
