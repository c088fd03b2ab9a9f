/** Every nova release that shipped cells v1, oldest first. */
export const RELEASES = [
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

export type Release = (typeof RELEASES)[number];

export function isRelease(text: string): text is Release {
  return (RELEASES as readonly string[]).includes(text);
}

/** All releases from one to another, both included: how tables say "H–P". */
export function releasesFrom(first: Release, last: Release = 'rocky'): readonly Release[] {
  return RELEASES.slice(RELEASES.indexOf(first), RELEASES.indexOf(last) + 1);
}
