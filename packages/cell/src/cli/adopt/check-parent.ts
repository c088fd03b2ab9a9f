import { dialectOf } from '@burstcell/wire';
import type { CellConfig } from '../../config/cell-config.js';
import { CliError } from '../cli-error.js';

/** Throws when what is configured says that no adoption can succeed. A release that is found out is the running cell's to judge. */
export function checkParent({ burst, apiDatabase }: CellConfig): void {
  if (burst.observeOnly) {
    throw new CliError('this cell only observes', 'Set [burst] observe_only = false first: adopting tags machines.');
  }
  if (burst.parentRelease === 'auto') return;
  const { adoption, adoptionNeedsMapping, release } = dialectOf(burst.parentRelease);
  if (adoption === 'impossible') {
    const remedy = 'It fails on all that is said of a server it does not know: boot a new server through it instead.';
    throw new CliError(`a ${release} parent cannot take in machines`, remedy);
  }
  if (adoptionNeedsMapping && apiDatabase.connection === null) {
    const remedy = `Set [api_database] connection: a ${release} parent fails to delete what has no instance mapping there.`;
    throw new CliError('the API database of the parent is not set', remedy);
  }
}
