/** The releases whose nova still runs from PyPI on a Python 2.7 of today; the other eight have no installable parent. */
export const RELEASES = ['rocky', 'queens', 'pike', 'ocata'] as const;

export type Release = (typeof RELEASES)[number];

export function isRelease(name: string): name is Release {
  return RELEASES.some((release) => release === name);
}
