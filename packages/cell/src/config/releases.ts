/** nova's releases with cells v1, oldest first. */
export const releaseNames = [
  'grizzly',
  'havana',
  'icehouse',
  'juno',
  'kilo',
  'liberty',
  'mitaka',
  'newton',
  'ocata',
  'pike',
  'queens',
  'rocky',
] as const;

export type ReleaseName = (typeof releaseNames)[number];

/** Is `release` at least as new as `since`? */
export function isSince(release: ReleaseName, since: ReleaseName): boolean {
  return releaseNames.indexOf(release) >= releaseNames.indexOf(since);
}
