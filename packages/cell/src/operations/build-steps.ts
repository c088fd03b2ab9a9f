/**
 * Where a build is: (none) → `reserving` → `launching` → `booting` → `rooting` → `attaching`. `importing` is before them;
 * `reserving` and `rooting` are of those that boot from a volume, `attaching` of those that get volumes.
 */
export const BUILD_STEPS = ['reserving', 'launching', 'booting', 'rooting', 'attaching'] as const;

/** From the step on that may have reserved the volume that it boots from. */
export function isKept(step: string | null): boolean {
  return BUILD_STEPS.some((each) => each === step);
}
