/**
 * This machine cannot carry a real parent (no Python 2.7, no package index, no way to make virtual hosts …).
 * It is a reason to skip by name, never to pass; `reason` is one line for people.
 */
export class BedUnavailable extends Error {
  override readonly name = 'BedUnavailable';

  constructor(readonly reason: string) {
    super(`no real parent here: ${reason}`);
  }
}
