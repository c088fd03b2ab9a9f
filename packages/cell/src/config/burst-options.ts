import { CONSOLE } from './console-options.js';
import type { OptionGroup } from './option.js';
import { releaseNames } from './releases.js';

const BURST: OptionGroup = {
  name: 'burst',
  owner: 'burstcell',
  intro: 'What is our own.',
  options: [
    { name: 'provider', type: 'string', default: 'ec2', choices: ['ec2', 'simulator'], help: 'Where instances run.' },
    {
      name: 'parent_release',
      type: 'string',
      default: 'auto',
      choices: ['auto', ...releaseNames],
      help: 'The release of the parent cell. `auto` asks the parent and says nothing about instances until it knows.',
    },
    {
      name: 'zone_prefix',
      type: 'string',
      default: null,
      defaultShown: "the cell's name and a dash",
      help: 'Begins the names of the compute hosts, of which each zone is one: `ec2-eu-central-1a`.',
    },
    {
      name: 'max_instances',
      type: 'integer',
      default: '20',
      min: 0,
      help: 'The ceiling: more instances than this are never run. A purse is emptied quickly, so it is low until you raise it.',
    },
    { name: 'max_vcpus', type: 'integer', default: '80', min: 0, help: 'The ceiling in vCPUs.' },
    { name: 'max_ram_mb', type: 'integer', default: '163840', min: 0, help: 'The ceiling in MiB of memory.' },
    { name: 'max_disk_gb', type: 'integer', default: '2000', min: 0, help: 'The ceiling in GiB of disk.' },
    {
      name: 'capacity_memory_mb',
      type: 'list',
      default: '512,2048,4096,8192,16384',
      help: 'Memory sizes (MiB) for which free units are reported. The parent weighs cells by them: list the sizes of its flavors. Sizes seen in builds are added.',
    },
    {
      name: 'capacity_disk_gb',
      type: 'list',
      default: '0,1,20,40,80,160',
      help: 'Disk sizes (GiB, root and ephemeral together) for which free units are reported.',
    },
    {
      name: 'workers',
      type: 'integer',
      default: '256',
      min: 1,
      help: 'Operations worked on at the same time by this process. Builds that wait for the provider are among them: the more there are, the more share a launch.',
    },
    {
      name: 'updates_per_second',
      type: 'number',
      default: '40',
      min: 0,
      help: 'Pace of updates to the parent, which stores 25 to 40 a second per core and loses some beyond; 0: no limit.',
    },
    {
      name: 'update_gap_ms',
      type: 'integer',
      default: '400',
      min: 0,
      help: 'Least milliseconds between two updates of one instance: the parent stores those sent closer together in any order.',
    },
    {
      name: 'settle_ms',
      type: 'integer',
      default: '15000',
      min: 0,
      help: 'Milliseconds after which the last word about an instance is said once more, in case the parent lost it; 0: it is not.',
    },
    {
      name: 'early_update_ms',
      type: 'integer',
      default: '250',
      min: 0,
      help: 'Milliseconds that the first update of a build waits: when the instance is active by then, one update says it all.',
    },
    {
      name: 'build_deadline_s',
      type: 'integer',
      default: '600',
      min: 1,
      help: 'Seconds after which a build that is not active has failed.',
    },
    {
      name: 'verb_deadline_s',
      type: 'integer',
      default: '300',
      min: 1,
      help: 'Seconds after which any other verb that has not ended has failed.',
    },
    {
      name: 'parent_control_exchange',
      type: 'string',
      default: null,
      defaultShown: '[DEFAULT] control_exchange',
      help: "The parent's own exchange, where it differs from ours. Needed only when both cells share one virtual host.",
    },
    {
      name: 'parent_queue_base',
      type: 'string',
      default: null,
      defaultShown: '[cells] rpc_driver_queue_base',
      help: "The parent's own `rpc_driver_queue_base`, where it differs from ours. Needed only when both cells share one virtual host.",
    },
    {
      name: 'pulse_interval_s',
      type: 'integer',
      default: '60',
      min: 1,
      help: 'Seconds between two reports of capabilities and capacities.',
    },
    {
      name: 'sweep_interval_s',
      type: 'integer',
      default: '120',
      min: 5,
      help: 'Seconds between two comparisons of all machines at the provider with all rows.',
    },
    {
      name: 'strays',
      type: 'string',
      default: 'report',
      choices: ['report', 'stop', 'delete'],
      help: 'Machines that carry the mark of this cell and that no instance knows: `report` them in the log, `stop` them as well, or `delete` them a day after they were stopped. Never more than a few at a time.',
    },
    {
      name: 'incarnation',
      type: 'string',
      default: null,
      defaultShown: 'made once and kept in the database',
      help: 'Marks the machines of this cell beside its name, so that a cell of the same name with another database never takes them for its own. Set it only to take over after the database was lost.',
    },
    {
      name: 'log_level',
      type: 'string',
      default: 'info',
      choices: ['debug', 'info', 'warn', 'error'],
      help: 'The least level that is logged.',
    },
  ],
};

const SIMULATOR: OptionGroup = {
  name: 'simulator',
  owner: 'burstcell',
  intro: 'A provider without a cloud, for trying things out. Its machines end with the process.',
  options: [
    { name: 'zones', type: 'list', default: 'zone-a,zone-b', help: 'Its zones.' },
    { name: 'room', type: 'integer', default: null, min: 0, help: 'Instances that fit into each zone. Default: no limit.' },
    { name: 'latency_ms', type: 'integer', default: '0', min: 0, help: 'Milliseconds that every call takes.' },
    { name: 'boot_delay_ms', type: 'integer', default: '0', min: 0, help: 'Milliseconds from launch to running.' },
    { name: 'stop_delay_ms', type: 'integer', default: '0', min: 0, help: 'Milliseconds from stop to stopped.' },
    { name: 'terminate_delay_ms', type: 'integer', default: '0', min: 0, help: 'Milliseconds from terminate to terminated.' },
    {
      name: 'change_delay_ms',
      type: 'integer',
      default: '0',
      min: 0,
      help: 'Milliseconds that a resize, rebuild, rescue or the like takes.',
    },
    {
      name: 'snapshot_delay_ms',
      type: 'integer',
      default: '0',
      min: 0,
      help: 'Milliseconds from the beginning of a snapshot to its end.',
    },
  ],
};

/** The sections nova does not have. Those of the providers are handed to `loadConfig`. */
export const ownGroups: readonly OptionGroup[] = [BURST, CONSOLE, SIMULATOR];
