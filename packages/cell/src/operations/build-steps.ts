/** The verb's name; others that build, such as unshelve, have their own. */
export const BUILD = 'build';

/**
 * Where a build is: (none) → `making` → `made` → `reserving` → `launching` → `booting` → `rooting` → `attaching`. Most have
 * `launching` and `booting` only. `making` and `made` are of those whose volumes do not exist yet, `reserving` and `rooting` of those
 * that boot from a volume, `attaching` of those that get volumes; `importing` waits for an image, before `launching`.
 */
const KEPT: readonly string[] = ['reserving', 'launching', 'booting', 'rooting', 'attaching'];

/** From the step on that may have reserved the volume that it boots from. */
export function isKept(step: string | null): boolean {
  return step !== null && KEPT.includes(step);
}
