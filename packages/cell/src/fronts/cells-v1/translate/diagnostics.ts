import type { Diagnostics } from '@burstcell/provider';
import { type Dialect, encodeObject, type JsonObject, type JsonValue, ObjectInput, objectSchema } from '@burstcell/wire';

/** nova's enumeration of drivers (nova/objects/fields.py HypervisorDriver, Pike) has no cloud in it; this one fits every reader. */
const DRIVER = 'libvirt';

/** Free names and values, as every release's `get_diagnostics` answers. */
export function plainDiagnostics(diagnostics: Diagnostics): JsonObject {
  const { nics, disks, details, ...general } = diagnostics;
  const known = {
    state: general.state,
    uptime: general.uptimeSeconds,
    cpu_utilisation: general.cpuUtilisation,
    memory_mb: general.memoryMb,
    ...Object.assign({}, ...nics.map((nic, at) => ({ [`vnet${at}_rx`]: nic.rxBytes, [`vnet${at}_tx`]: nic.txBytes }))),
    ...Object.assign(
      {},
      ...disks.map((disk, at) => ({ [`disk${at}_read`]: disk.readBytes, [`disk${at}_write`]: disk.writeBytes })),
    ),
  } as JsonObject;
  return { ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== null)), ...(details as JsonObject) };
}

/** nova's own shape (nova/objects/diagnostics.py): an object where answers carry objects and the release knows it (Pike on), else the same as a dict. */
export function diagnosticsAnswer(dialect: Dialect, diagnostics: Diagnostics): JsonValue {
  const fields = novaFields(diagnostics);
  return objectSchema(dialect.release, 'Diagnostics') === undefined ? fields : encodeObject(dialect, asObject(fields));
}

function novaFields({ state, uptimeSeconds, cpuUtilisation, memoryMb, nics, disks }: Diagnostics) {
  return {
    state,
    driver: DRIVER,
    hypervisor: null,
    hypervisor_os: null,
    uptime: uptimeSeconds,
    config_drive: false,
    num_cpus: 1,
    num_nics: nics.length,
    num_disks: disks.length,
    cpu_details: [{ id: 0, time: null, utilisation: cpuUtilisation === null ? null : Math.round(cpuUtilisation) }],
    memory_details: { maximum: memoryMb, used: null },
    nic_details: nics.map((nic) => ({ mac_address: nic.mac, rx_octets: nic.rxBytes, tx_octets: nic.txBytes, ...NIC_UNKNOWN })),
    disk_details: disks.map((disk) => ({ read_bytes: disk.readBytes, write_bytes: disk.writeBytes, ...DISK_UNKNOWN })),
  };
}

const NIC_UNKNOWN = {
  rx_drop: null,
  rx_errors: null,
  rx_packets: null,
  rx_rate: null,
  tx_drop: null,
  tx_errors: null,
  tx_packets: null,
  tx_rate: null,
};
const DISK_UNKNOWN = { errors_count: null, read_requests: null, write_requests: null };

function asObject(fields: ReturnType<typeof novaFields>): ObjectInput {
  return new ObjectInput('Diagnostics', {
    ...fields,
    cpu_details: fields.cpu_details.map((each) => new ObjectInput('CpuDiagnostics', each)),
    memory_details: new ObjectInput('MemoryDiagnostics', fields.memory_details),
    nic_details: fields.nic_details.map((each) => new ObjectInput('NicDiagnostics', each)),
    disk_details: fields.disk_details.map((each) => new ObjectInput('DiskDiagnostics', each)),
  });
}
