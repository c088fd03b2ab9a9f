import { isSince, type ReleaseName } from '../../config/releases.js';

/** What a release's parent has to be told, and can be told (nova/cells/opts.py, nova/cmd/manage.py, Grizzly to Rocky). */
export interface ParentFacts {
  /** What makes a nova an API cell: `[section] key = value`. */
  readonly enabling: readonly (readonly [section: string, line: string])[];
  /** The cells table has one column per part of the address instead of a transport_url. */
  readonly hasAddressColumns: boolean;
  /** `[cells] cells_config` may take the table's place. */
  readonly hasCellsConfig: boolean;
  /** `nova-manage cell create --broker_hosts` takes several hosts. */
  readonly hasBrokerHosts: boolean;
  /** The child must tidy `build_requests` and `instance_mappings` of the API database. */
  readonly needsApiDatabase: boolean;
}

export function parentFacts(release: ReleaseName): ParentFacts {
  const hasCellType = isSince(release, 'havana');
  return {
    enabling: hasCellType
      ? [['cells', 'cell_type = api']]
      : [['DEFAULT', 'compute_api_class = nova.compute.cells_api.ComputeCellsAPI']],
    hasAddressColumns: !isSince(release, 'havana'),
    hasCellsConfig: isSince(release, 'havana'),
    hasBrokerHosts: isSince(release, 'kilo'),
    needsApiDatabase: isSince(release, 'newton'),
  };
}
