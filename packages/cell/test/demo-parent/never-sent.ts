import type { Release } from './releases.js';

/** A parent of this release never sends that verb to a child, whatever its users type. */
export class NeverSent extends Error {
  override readonly name = 'NeverSent';
  constructor(verb: string, release: Release) {
    super(`a parent of ${release} never sends ${verb}`);
  }
}
