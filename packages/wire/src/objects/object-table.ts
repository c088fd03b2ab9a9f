import type { Release } from '../dialects/release.js';

/**
 * One state of an object: from this release on, its version and its fields. The first row lists all fields, a later one
 * what changed: `field:type` for a new or changed one, `-field` for one that went. `?` after a type: null allowed.
 */
export type ObjectRow = readonly [since: Release, version: string, fields: string];

/**
 * The versioned objects that cross between cells or are nested in those that do, read out of nova/objects of the last
 * point release of each series. Types are nova's: `object:X` nests an X, `list<object:X>` is a list of them.
 */
export const OBJECT_ROWS: Readonly<Record<string, readonly ObjectRow[]>> = {
  BlockDeviceMapping: [
    [
      'icehouse',
      '1.1',
      `boot_index:int? connection_info:str? created_at:datetime? delete_on_termination:bool deleted:bool
       deleted_at:datetime? destination_type:str? device_name:str? device_type:str? disk_bus:str? guest_format:str?
       id:int image_id:str? instance:object:Instance? instance_uuid:uuid no_device:bool snapshot_id:str?
       source_type:str? updated_at:datetime? volume_id:str? volume_size:int?`,
    ],
    ['juno', '1.3', ''],
    ['kilo', '1.8', ''],
    [
      'liberty',
      '1.15',
      `destination_type:enum:BlockDeviceDestinationType? device_type:enum:BlockDeviceType?
       source_type:enum:BlockDeviceSourceType?`,
    ],
    ['mitaka', '1.16', ''],
    ['newton', '1.17', 'tag:str?'],
    ['pike', '1.18', 'attachment_id:uuid?'],
    ['queens', '1.19', 'uuid:uuid'],
  ],
  BlockDeviceMappingList: [
    ['icehouse', '1.2', 'objects:list<object:BlockDeviceMapping>'],
    ['juno', '1.4', ''],
    ['kilo', '1.9', ''],
    ['liberty', '1.16', ''],
    ['mitaka', '1.17', ''],
  ],
  ComputeNode: [
    [
      'havana',
      '1.2',
      `cpu_info:str? created_at:datetime? current_workload:int? deleted:bool deleted_at:datetime?
       disk_available_least:int? free_disk_gb:int? free_ram_mb:int? hypervisor_hostname:str? hypervisor_type:str
       hypervisor_version:int id:int local_gb:int local_gb_used:int memory_mb:int memory_mb_used:int running_vms:int?
       service_id:int updated_at:datetime? vcpus:int vcpus_used:int`,
    ],
    ['icehouse', '1.3', 'metrics:str? stats:dict<str?>?'],
    ['juno', '1.5', 'host_ip:ip? id:int numa_topology:str?'],
    ['kilo', '1.11', 'host:str? pci_device_pools:object:PciDevicePoolList? supported_hv_specs:list<object:HVSpec>'],
    ['liberty', '1.14', 'cpu_allocation_ratio:float ram_allocation_ratio:float service_id:int?'],
    ['mitaka', '1.16', 'disk_allocation_ratio:float uuid:uuid'],
    ['pike', '1.18', 'mapped:int'],
  ],
  ComputeNodeList: [
    ['havana', '1.0', 'objects:list'],
    ['icehouse', '1.1', 'objects:list<object:ComputeNode>'],
    ['juno', '1.5', ''],
    ['kilo', '1.11', ''],
    ['liberty', '1.14', ''],
    ['newton', '1.15', ''],
    ['ocata', '1.16', ''],
    ['pike', '1.17', ''],
  ],
  CpuDiagnostics: [['pike', '1.0', 'id:int? time:int? utilisation:int?']],
  Diagnostics: [
    [
      'pike',
      '1.0',
      `config_drive:bool cpu_details:list<object:CpuDiagnostics> disk_details:list<object:DiskDiagnostics>
       driver:enum:HypervisorDriver hypervisor:str? hypervisor_os:str? memory_details:object:MemoryDiagnostics
       nic_details:list<object:NicDiagnostics> num_cpus:int num_disks:int num_nics:int state:enum:InstancePowerState
       uptime:int?`,
    ],
  ],
  DiskDiagnostics: [['pike', '1.0', 'errors_count:int? read_bytes:int? read_requests:int? write_bytes:int? write_requests:int?']],
  EC2Ids: [['liberty', '1.0', 'ami_id:str? instance_id:str kernel_id:str? ramdisk_id:str?']],
  Flavor: [
    [
      'icehouse',
      '1.0',
      `created_at:datetime? deleted:bool deleted_at:datetime? disabled:bool ephemeral_gb:int extra_specs:dict<str>
       flavorid:str id:int is_public:bool memory_mb:int name:str? projects:list<str> root_gb:int rxtx_factor:float?
       swap:int updated_at:datetime? vcpu_weight:int? vcpus:int`,
    ],
    ['juno', '1.1', ''],
    ['queens', '1.2', 'description:str?'],
  ],
  HVSpec: [
    ['kilo', '1.0', 'arch:str hv_type:str vm_mode:str'],
    ['liberty', '1.1', 'arch:enum:Architecture hv_type:enum:HVType vm_mode:enum:VMMode'],
    ['mitaka', '1.2', ''],
  ],
  Instance: [
    [
      'havana',
      '1.9',
      `access_ip_v4:ipv4? access_ip_v6:ipv6? architecture:str? auto_disk_config:bool availability_zone:str?
       cell_name:str? cleaned:bool config_drive:str? created_at:datetime? default_ephemeral_device:str?
       default_swap_device:str? deleted:bool deleted_at:datetime? disable_terminate:bool display_description:str?
       display_name:str? ephemeral_gb:int? fault:object:InstanceFault? host:str? hostname:str? id:int image_ref:str?
       info_cache:object:InstanceInfoCache? instance_type_id:int? kernel_id:str? key_data:str? key_name:str?
       launch_index:int? launched_at:datetime? launched_on:str? locked:bool locked_by:str? memory_mb:int? metadata:dict
       node:str? os_type:str? pci_devices:object:PciDeviceList power_state:int? progress:int? project_id:str?
       ramdisk_id:str? reservation_id:str? root_device_name:str? root_gb:int? scheduled_at:datetime?
       security_groups:object:SecurityGroupList shutdown_terminate:bool system_metadata:dict task_state:str?
       terminated_at:datetime? updated_at:datetime? user_data:str? user_id:str? uuid:str vcpus:int? vm_mode:str?
       vm_state:str?`,
    ],
    [
      'icehouse',
      '1.13',
      `ephemeral_key_uuid:uuid? metadata:dict<str> pci_devices:object:PciDeviceList? system_metadata:dict<str?>
       uuid:uuid`,
    ],
    ['juno', '1.15', 'numa_topology:object:InstanceNUMATopology?'],
    [
      'kilo',
      '1.19',
      `flavor:object:Flavor new_flavor:object:Flavor? old_flavor:object:Flavor?
       pci_requests:object:InstancePCIRequests? tags:object:TagList vcpu_model:object:VirtCPUModel?`,
    ],
    ['liberty', '2.0', '-scheduled_at ec2_ids:object:EC2Ids migration_context:object:MigrationContext?'],
    ['mitaka', '2.1', 'services:object:ServiceList'],
    ['newton', '2.3', 'device_metadata:object:InstanceDeviceMetadata? keypairs:object:KeyPairList'],
    ['rocky', '2.4', 'trusted_certs:object:TrustedCerts?'],
  ],
  InstanceDeviceMetadata: [['newton', '1.0', 'devices:list<object:DeviceMetadata>']],
  InstanceFault: [
    [
      'havana',
      '1.1',
      `code:int created_at:datetime? deleted:bool deleted_at:datetime? details:str? host:str? id:int instance_uuid:str
       message:str? updated_at:datetime?`,
    ],
    ['icehouse', '1.1', 'instance_uuid:uuid'],
    ['juno', '1.2', ''],
  ],
  InstanceInfoCache: [
    [
      'havana',
      '1.4',
      `created_at:datetime? deleted:bool deleted_at:datetime? instance_uuid:str network_info:networkModel?
       updated_at:datetime?`,
    ],
    ['icehouse', '1.5', 'instance_uuid:uuid'],
  ],
  InstanceList: [
    ['havana', '1.0', 'objects:list'],
    ['icehouse', '1.6', 'objects:list<object:Instance>'],
    ['juno', '1.9', ''],
    ['kilo', '1.16', ''],
    ['liberty', '2.0', ''],
    ['newton', '2.1', ''],
    ['ocata', '2.2', ''],
    ['pike', '2.4', ''],
  ],
  InstanceNUMACell: [
    ['juno', '1.0', 'cpuset:set<int> id:int memory:int'],
    ['kilo', '1.2', 'cpu_pinning_raw:dict<int>? cpu_topology:object:VirtCPUTopology? id:int pagesize:int?'],
    ['mitaka', '1.3', 'cpu_policy:enum:CPUAllocationPolicy? cpu_thread_policy:enum:CPUThreadAllocationPolicy?'],
    ['ocata', '1.4', 'cpuset_reserved:set<int>?'],
  ],
  InstanceNUMATopology: [
    ['juno', '1.0', 'cells:list<object:InstanceNUMACell> id:int instance_uuid:uuid'],
    ['kilo', '1.1', ''],
    ['liberty', '1.2', ''],
    ['ocata', '1.3', 'emulator_threads_policy:enum:CPUEmulatorThreadsPolicy?'],
  ],
  InstancePCIRequest: [
    ['juno', '1.1', 'alias_name:str? count:int is_new:bool request_id:uuid? spec:list<dict<str?>>'],
    ['queens', '1.2', 'numa_policy:enum:PCINUMAAffinityPolicy?'],
  ],
  InstancePCIRequests: [['juno', '1.1', 'instance_uuid:uuid requests:list<object:InstancePCIRequest>']],
  KeyPair: [
    [
      'havana',
      '1.1',
      `created_at:datetime? deleted:bool deleted_at:datetime? fingerprint:str? id:int name:str? public_key:str?
       updated_at:datetime? user_id:str?`,
    ],
    ['kilo', '1.3', 'name:str type:str'],
    ['newton', '1.4', ''],
  ],
  KeyPairList: [
    ['havana', '1.0', 'objects:list'],
    ['icehouse', '1.0', 'objects:list<object:KeyPair>'],
    ['kilo', '1.2', ''],
    ['newton', '1.3', ''],
  ],
  MemoryDiagnostics: [['pike', '1.0', 'maximum:int? used:int?']],
  Migration: [
    [
      'havana',
      '1.1',
      `created_at:datetime? deleted:bool deleted_at:datetime? dest_compute:str? dest_host:str? dest_node:str? id:int
       instance_uuid:str? new_instance_type_id:int? old_instance_type_id:int? source_compute:str? source_node:str?
       status:str? updated_at:datetime?`,
    ],
    ['liberty', '1.2', 'hidden:bool migration_type:enum'],
    [
      'mitaka',
      '1.4',
      `disk_processed:int? disk_remaining:int? disk_total:int? memory_processed:int? memory_remaining:int?
       memory_total:int?`,
    ],
    ['queens', '1.5', 'uuid:uuid'],
  ],
  MigrationContext: [
    [
      'liberty',
      '1.0',
      `created_at:datetime? deleted:bool deleted_at:datetime? instance_uuid:uuid migration_id:int
       new_numa_topology:object:InstanceNUMATopology? old_numa_topology:object:InstanceNUMATopology?
       updated_at:datetime?`,
    ],
    [
      'newton',
      '1.1',
      `new_pci_devices:object:PciDeviceList? new_pci_requests:object:InstancePCIRequests?
       old_pci_devices:object:PciDeviceList? old_pci_requests:object:InstancePCIRequests?`,
    ],
  ],
  MigrationList: [
    ['havana', '1.0', 'objects:list'],
    ['icehouse', '1.1', 'objects:list<object:Migration>'],
    ['liberty', '1.2', ''],
    ['mitaka', '1.3', ''],
    ['queens', '1.4', ''],
  ],
  NetworkRequest: [
    ['juno', '1.0', 'address:ip? network_id:str? pci_request_id:uuid? port_id:uuid?'],
    ['kilo', '1.1', ''],
    ['newton', '1.2', 'tag:str?'],
  ],
  NetworkRequestList: [['juno', '1.1', 'objects:list<object:NetworkRequest>']],
  NicDiagnostics: [
    [
      'pike',
      '1.0',
      `mac_address:str? rx_drop:int? rx_errors:int? rx_octets:int? rx_packets:int? rx_rate:int? tx_drop:int?
       tx_errors:int? tx_octets:int? tx_packets:int? tx_rate:int?`,
    ],
  ],
  PciDevice: [
    [
      'havana',
      '1.1',
      `address:str compute_node_id:int? created_at:datetime? deleted:bool deleted_at:datetime? dev_id:str? dev_type:str
       extra_info:dict id:int instance_uuid:str? label:str? product_id:str status:str updated_at:datetime?
       vendor_id:str`,
    ],
    ['icehouse', '1.1', 'extra_info:dict<str>'],
    ['juno', '1.2', 'request_id:str?'],
    ['kilo', '1.3', 'numa_node:int?'],
    ['liberty', '1.3', 'dev_type:enum:PciDeviceType status:enum:PciDeviceStatus'],
    ['mitaka', '1.5', 'parent_addr:str?'],
    ['pike', '1.6', 'uuid:uuid'],
  ],
  PciDeviceList: [
    ['havana', '1.0', 'objects:list'],
    ['icehouse', '1.0', 'objects:list<object:PciDevice>'],
    ['juno', '1.1', ''],
    ['kilo', '1.2', ''],
    ['mitaka', '1.3', ''],
  ],
  PciDevicePool: [['kilo', '1.1', 'count:int numa_node:int? product_id:str tags:dict<str?> vendor_id:str']],
  PciDevicePoolList: [['kilo', '1.1', 'objects:list<object:PciDevicePool>']],
  SecurityGroup: [
    [
      'havana',
      '1.1',
      `created_at:datetime? deleted:bool deleted_at:datetime? description:str id:int name:str project_id:str
       updated_at:datetime? user_id:str`,
    ],
    ['ocata', '1.2', 'uuid:uuid'],
  ],
  SecurityGroupList: [
    ['havana', '1.0', 'objects:list'],
    ['icehouse', '1.0', 'objects:list<object:SecurityGroup>'],
    ['pike', '1.1', ''],
  ],
  Service: [
    [
      'havana',
      '1.2',
      `availability_zone:str? binary:str? compute_node:object:ComputeNode? created_at:datetime? deleted:bool
       deleted_at:datetime? disabled:bool disabled_reason:str? host:str? id:int report_count:int topic:str?
       updated_at:datetime?`,
    ],
    ['icehouse', '1.2', 'compute_node:object:ComputeNode'],
    ['juno', '1.4', 'id:int'],
    ['kilo', '1.12', ''],
    ['liberty', '1.18', 'forced_down:bool last_seen_up:datetime? version:int'],
    ['mitaka', '1.19', ''],
    ['newton', '1.20', ''],
    ['pike', '1.22', 'uuid:uuid'],
  ],
  ServiceList: [
    ['havana', '1.0', 'objects:list'],
    ['icehouse', '1.0', 'objects:list<object:Service>'],
    ['juno', '1.2', ''],
    ['kilo', '1.10', ''],
    ['liberty', '1.16', ''],
    ['mitaka', '1.18', ''],
    ['newton', '1.19', ''],
  ],
  Tag: [
    ['kilo', '1.0', 'resource_id:str tag:str'],
    ['liberty', '1.1', ''],
  ],
  TagList: [
    ['kilo', '1.0', 'objects:list<object:Tag>'],
    ['liberty', '1.1', ''],
  ],
  TrustedCerts: [['rocky', '1.0', 'ids:list<str>']],
  VirtCPUFeature: [
    ['kilo', '1.0', 'name:str policy:enum?'],
    ['liberty', '1.0', 'policy:enum:CPUFeaturePolicy?'],
  ],
  VirtCPUModel: [
    [
      'kilo',
      '1.0',
      `arch:enum? features:list<object:VirtCPUFeature> match:enum? mode:enum? model:str?
       topology:object:VirtCPUTopology? vendor:str?`,
    ],
    ['liberty', '1.0', 'arch:enum:Architecture? match:enum:CPUMatch? mode:enum:CPUMode?'],
  ],
  VirtCPUTopology: [['kilo', '1.0', 'cores:int? sockets:int? threads:int?']],
};
