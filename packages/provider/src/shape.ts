/** One zone: one compute host to the parent. */
export interface ProviderZone {
  readonly name: string;
  /** False while the vendor itself says it is impaired: nothing is offered there. */
  readonly available: boolean;
}

/** What may still be started according to the provider; null = the provider does not know of a limit. */
export interface ProviderHeadroom {
  readonly instances: number | null;
  readonly vcpus: number | null;
  readonly memoryMb: number | null;
  readonly diskGb: number | null;
}

/** The cloud as the parent's operators see it. */
export interface ProviderShape {
  readonly zones: readonly ProviderZone[];
  /** `hypervisor_type` and `hypervisor_version` of the compute nodes. */
  readonly hypervisorType: string;
  readonly hypervisorVersion: number;
  /** Free key=values for the cell's capabilities: region, market, … */
  readonly capabilities: Readonly<Record<string, readonly string[]>>;
  readonly headroom: ProviderHeadroom;
  /**
   * Memory sizes (MiB) of which nothing can be started at the moment, because every
   * offering for them was refused lately or a quota is spent. Capacity sent up says 0 for them.
   */
  readonly refusedMemoryMb: readonly number[];
}
