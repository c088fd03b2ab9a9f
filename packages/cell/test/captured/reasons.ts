import type { FoundDifference } from './play.js';

/** Why what we say means something else than what an unmodified child said in the same place. */
export interface Reason {
  readonly title: string;
  /** For the page: what differs, why, and what the parent's users see of it. */
  readonly prose: string;
  readonly explains: (difference: FoundDifference) => boolean;
}

const isForm = (difference: FoundDifference, method: RegExp, path: RegExp) =>
  difference.what === 'form of the answer' && method.test(difference.method ?? '') && path.test(difference.after);

const NODE = /^(compute_node_get|service_get_by_compute_host)/;

/** The first that explains a difference is its reason. One that none explains is a finding. */
export const REASONS: readonly Reason[] = [
  {
    title: 'The recorded child was made to fail',
    prose:
      'The scenes `fault` (the driver was told to raise) and `boot-secgroup` (a security group that existed at the top only) ended in ERROR there. ' +
      'Here nothing stands in the way, and the server becomes ACTIVE.',
    explains: ({ doing }) => doing === 'fault' || doing === 'boot-secgroup',
  },
  {
    title: 'The recording began later than the instance',
    prose:
      'The first thing recorded of these instances is a resize. A cell that is asked for something of an instance it does not know ' +
      "tells the parent that it is gone, as nova's own child does (`InstanceNotFound` in nova/cells/messaging.py): a row that nobody can act on is not left behind.",
    explains: ({ what, doing, after }) => what === 'existence' && /^resize/.test(doing) && after === 'gone',
  },
  {
    title: 'The root disk is not reported',
    prose:
      'A child from Havana on reports the image-backed root disk as a block device of its own (`bdm_update_or_create_at_top`, and again as gone at the delete). ' +
      'The parent has that row already, without a device name, and the report makes a second one of it. We report devices that a user attached or asked for; ' +
      'nothing that a user can list is missing.',
    explains: ({ what, after }) => what === 'devices' && after === 'none',
  },
  {
    title: 'The power state is that of the machine',
    prose:
      "The recorded children ran nova's fake driver, which goes on saying RUNNING (1) of what was stopped, paused or suspended, and SHUTDOWN (4) of a rescued server. " +
      'We say what the machine does: PAUSED (3), SHUTDOWN (4; also when its memory was saved), RUNNING (1) in rescue.',
    explains: ({ what, doing }) => what === 'power_state' && /^(stop|pause|suspend|rescue|shelve|delete-resized)/.test(doing),
  },
  {
    title: 'A failed build says where it stands',
    prose:
      'When no host was found the real scheduler names only `vm_state`, and leaves a fault with code 500, whose text users do not see. ' +
      'We say task and power state as well, and give the fault a code (400) with which the API shows why.',
    explains: ({ doing, what }) => doing === 'boot-no-valid-host' && /^(power_state|task_state|faults)$/.test(what),
  },
  {
    title: 'A server in ERROR can be deleted',
    prose: 'The real child never finished the delete of a server whose build had failed: the row stayed. Here it goes.',
    explains: ({ doing, what }) => doing === 'delete-error' && what === 'existence',
  },
  {
    title: 'Consoles are there',
    prose:
      'The recorded children of Grizzly to Mitaka had no VNC: they refused with `ConsoleTypeUnavailable` (`ConsoleTypeInvalid` in the older ones) and left a fault on a healthy server. ' +
      'The cloud of this comparison has consoles, so there is an answer. Where a provider has none we refuse with the same exception, and leave no fault.',
    explains: ({ doing }) => doing === 'vnc-console',
  },
  {
    title: 'A shelved server has given its addresses back',
    prose:
      'When a server is shelved its machine goes, and its addresses with it; we say so. ' +
      'The real child (nova-network) kept them. The new ones are told when it is unshelved.',
    explains: ({ what, doing, after }) => what === 'addresses' && /^shelve/.test(doing) && after === '0',
  },
  {
    title: 'The recorded child did not get through',
    prose:
      'The child of Havana never finished `shelve`, that of Juno never finished `rescue` (their tests of the day timed out), and that of Havana went on saying `locked` after an unlock. ' +
      'Here each of them comes to its end.',
    explains: ({ release, doing }) => /^(havana (shelve|unlock)|juno rescue)/.test(`${release} ${doing}`),
  },
  {
    title: 'An address of a network that is not here',
    prose:
      'The network in the recorded `add-fixed-ip` is one of the recorded child. A machine here has no interface in it, so the request is refused with a fault and the server left as it was.',
    explains: ({ doing }) => doing === 'add-fixed-ip',
  },
  {
    title: 'No evacuation',
    prose:
      "The fake driver pretended. No provider can move a server away from a host that is down, for the hosts are the vendor's: refused, with the server as it was.",
    explains: ({ doing }) => doing === 'evacuate',
  },
  {
    title: 'Migrations are a list',
    prose:
      'Havana and Juno children answer `get_migrations` with the dict form of a list object, which their own parents mishandle (an empty `["objects"]`, or a 400). We answer the list that the parent means to read.',
    explains: (difference) => isForm(difference, /^get_migrations$/, /a list, was an object$/),
  },
  {
    title: 'Statistics of the scheduler within a host',
    prose:
      "`stats` of a compute node holds counters that a real host's resource tracker keeps for its own scheduler (`num_vm_active`, `io_workload`, …). " +
      'Nothing at the parent reads them from a child.',
    explains: (difference) => isForm(difference, NODE, /stats(\.\w+)? is missing$/),
  },
  {
    title: 'Devices and topology of hypervisors',
    prose:
      '`pci_stats`, `pci_device_pools`, `numa_topology`, `metrics`, `extra_resources` and `supported_instances` describe one physical host. ' +
      'A zone of a cloud has none of it, and a real parent lists and shows our hosts without.',
    explains: (difference) =>
      isForm(
        difference,
        NODE,
        /(pci_stats|pci_device_pools|numa_topology|metrics|extra_resources|supported_instances) is missing$/,
      ),
  },
  {
    title: 'Columns of a later release',
    prose:
      'A row travels as a dict up to Juno, and a key more does no harm there: `disabled_reason` of a service, `host_ip` of a node, `host` and `details` of an event. ' +
      'Of a service that was changed a Juno child says `deleted: false`, we say 0 as everywhere else; Python takes them for the same.',
    explains: (difference) =>
      isForm(difference, /^(service_|compute_node_get|action_events_get)/, /(disabled_reason|host_ip|host|details) is new$/) ||
      isForm(difference, /^service_update$/, /^deleted is a number, was a boolean$/),
  },
  {
    title: 'Diagnostics in free form',
    prose:
      'The answer of `get_diagnostics` has the names of the hypervisor (before microversion 2.48 the API gives them on as they are): libvirt names disks and interfaces, a cloud names what it measures.',
    explains: (difference) => isForm(difference, /get_diagnostics$/, / is (new|missing)$/),
  },
  {
    title: 'No TLS port of SPICE',
    prose: 'The parent keeps host, port and path of a console; nothing of it reads `tlsPort`.',
    explains: (difference) => isForm(difference, /get_spice_connect_info$/, /^tlsPort is missing$/),
  },
];
