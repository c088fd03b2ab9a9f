import type { SecurityGroup } from '@burstcell/provider';

/**
 * The network service above, as far as security groups go. Asked as the cell's own user, who sees those of all projects. All
 * methods only read, and reject with a ProviderError, `unavailable` or `unauthorized`.
 */
export interface SecurityGroupService {
  /**
   * The groups that a server's owner means by these names or ids, with their rules; those that the project does not have are
   * missing in the answer. Rejects with a Failure `conflict` when a name stands for several.
   */
  meant(asked: readonly string[], projectId: string, signal: AbortSignal): Promise<readonly SecurityGroup[]>;
  /** Of any project; those that are gone are missing in the answer. */
  byIds(ids: readonly string[], signal: AbortSignal): Promise<readonly SecurityGroup[]>;
  /** Ids of the groups that these ports have; ports that are gone are missing in the answer. */
  ofPorts(portIds: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, readonly string[]>>;
  /** For `burstcell doctor`: whether it lets us in. */
  probe(signal: AbortSignal): Promise<void>;
}
