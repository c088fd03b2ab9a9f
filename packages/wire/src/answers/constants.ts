import type { FieldInput } from '../objects/object.js';
import type { ComputeNodeRow } from './rows.js';

/** The sums of `compute_node_stats`, beside the count. */
export const NODE_SUMS = [
  'vcpus',
  'memory_mb',
  'local_gb',
  'vcpus_used',
  'memory_mb_used',
  'local_gb_used',
  'free_ram_mb',
  'free_disk_gb',
  'current_workload',
  'running_vms',
  'disk_available_least',
] as const satisfies readonly (keyof ComputeNodeRow)[];

/** Fields of a ComputeNode that mean nothing for a cloud, set so that the parent does not look for them itself. */
export const COMPUTE_NODE_CONSTANTS: Readonly<Record<string, FieldInput>> = {
  cpu_allocation_ratio: 1,
  ram_allocation_ratio: 1,
  disk_allocation_ratio: 1,
  mapped: 1,
  metrics: '[]',
  numa_topology: null,
  stats: {},
  supported_hv_specs: [],
};

/** Fields of a Migration that only live migration fills. */
export const MIGRATION_CONSTANTS: Readonly<Record<string, FieldInput>> = {
  hidden: false,
  memory_total: null,
  memory_processed: null,
  memory_remaining: null,
  disk_total: null,
  disk_processed: null,
  disk_remaining: null,
};
