import { CINDER } from './cinder-options.js';
import { GLANCE } from './glance-options.js';
import { NEUTRON } from './neutron-options.js';
import type { OptionGroup } from './option.js';

const DEFAULT: OptionGroup = {
  name: 'DEFAULT',
  owner: 'nova',
  intro: 'What this cell is on its own broker.',
  options: [
    {
      name: 'transport_url',
      type: 'url',
      default: null,
      isRequired: true,
      help: "The child's own broker, on which the parent's messages arrive: `rabbit://user:password@host:5672/vhost`, several hosts separated by commas. User, password and virtual host are percent-encoded.",
    },
    {
      name: 'host',
      type: 'string',
      default: null,
      defaultShown: 'the name of this machine',
      help: 'Names this process in its queues. Two processes of one cell need different ones.',
    },
    {
      name: 'control_exchange',
      type: 'string',
      default: 'nova',
      help: "The exchange that the parent publishes to on this cell's broker: the parent's own `control_exchange`.",
    },
    {
      name: 'reclaim_instance_interval',
      type: 'integer',
      default: '0',
      min: 0,
      help: "Seconds for which a deleted instance can be restored, where the parent defers deletes; give the parent's own value. 0: a delete is at once.",
    },
    { name: 'debug', type: 'boolean', default: 'false', help: 'Logs at level debug, whatever `[burst] log_level` says.' },
  ],
};

const DATABASE: OptionGroup = {
  name: 'database',
  owner: 'nova',
  intro: "This cell's own database.",
  options: [
    {
      name: 'connection',
      type: 'url',
      default: null,
      isRequired: true,
      aliases: ['DEFAULT.sql_connection'],
      help: 'PostgreSQL: `postgresql://user:password@host:5432/database`. A driver in the scheme, as in `postgresql+psycopg2://`, is ignored.',
    },
  ],
};

const API_DATABASE: OptionGroup = {
  name: 'api_database',
  owner: 'nova',
  intro: "The parent's API database.",
  options: [
    {
      name: 'connection',
      type: 'url',
      default: null,
      help: 'PostgreSQL or MySQL, from Newton to Rocky: `build_requests` and `instance_mappings` there are tidied by the child, else `nova list` keeps showing BUILD. Not needed for older parents.',
    },
  ],
};

const CELLS: OptionGroup = {
  name: 'cells',
  owner: 'nova',
  intro: 'What the parent calls this cell, and how they talk.',
  options: [
    { name: 'name', type: 'string', default: 'nova', help: "The cell's name in the parent's cells table. Neither `!` nor `@`." },
    {
      name: 'capabilities',
      type: 'list',
      default: 'hypervisor=ec2,os=linux;windows',
      help: 'What is told to the parent beside the capacities: `key=value;value` entries, separated by commas.',
    },
    {
      name: 'call_timeout',
      type: 'integer',
      default: '60',
      min: 1,
      help: 'Seconds to wait for an answer from a neighbour cell.',
    },
    {
      name: 'reserve_percent',
      type: 'number',
      default: '10',
      min: 0,
      max: 100,
      help: 'Share of the ceiling that is not offered to the parent: room for resizes and for what is on its way.',
    },
    {
      name: 'mute_child_interval',
      type: 'integer',
      default: '300',
      min: 1,
      help: 'Seconds after which a parent takes a silent child for mute. `pulse_interval_s` must stay well below it.',
    },
    {
      name: 'max_hop_count',
      type: 'integer',
      default: '10',
      min: 1,
      help: 'Messages that passed more cells than this are refused.',
    },
    {
      name: 'rpc_driver_queue_base',
      type: 'string',
      default: 'cells.intercell',
      help: 'First part of the names of the queues between cells. Must be the same at the parent.',
    },
    {
      name: 'cells_config',
      type: 'string',
      default: null,
      help: 'A JSON file with the neighbour cells, in place of the cells table. From then on `burstcell cell create` is refused.',
    },
    {
      name: 'db_check_interval',
      type: 'integer',
      default: '60',
      min: 1,
      help: 'Seconds between two looks for changed neighbours.',
    },
    {
      name: 'instance_updated_at_threshold',
      type: 'integer',
      default: '3600',
      help: 'Healing repeats to the parent instances that changed within so many seconds; 0 or less: all of them.',
    },
    {
      name: 'instance_update_num_instances',
      type: 'integer',
      default: '25',
      min: 0,
      help: "Instances healed in one round, each minute. nova's own default of 1 takes 17 hours for 1,000 instances.",
    },
  ],
};

const RABBIT: OptionGroup = {
  name: 'oslo_messaging_rabbit',
  owner: 'nova',
  intro:
    'How brokers are spoken to. Exchanges and queues are only found when both cells declare them alike: use the values of the parent.',
  options: [
    {
      name: 'amqp_durable_queues',
      type: 'boolean',
      default: 'false',
      aliases: ['DEFAULT.amqp_durable_queues', 'DEFAULT.rabbit_durable_queues'],
      help: "Whether the parent's exchanges are durable: its own value of this option. Our queues always are.",
    },
    {
      name: 'amqp_auto_delete',
      type: 'boolean',
      default: 'false',
      aliases: ['DEFAULT.amqp_auto_delete'],
      help: "Whether the parent's exchanges go when unused: its own value of this option.",
    },
    {
      name: 'ssl',
      type: 'boolean',
      default: 'false',
      aliases: ['oslo_messaging_rabbit.rabbit_use_ssl', 'DEFAULT.rabbit_use_ssl'],
      help: 'Speaks TLS with the brokers.',
    },
    {
      name: 'ssl_ca_file',
      type: 'string',
      default: null,
      aliases: ['oslo_messaging_rabbit.kombu_ssl_ca_certs', 'DEFAULT.kombu_ssl_ca_certs'],
      help: "PEM file of the authorities that vouch for the brokers. Default: the system's.",
    },
    {
      name: 'ssl_cert_file',
      type: 'string',
      default: null,
      aliases: ['oslo_messaging_rabbit.kombu_ssl_certfile', 'DEFAULT.kombu_ssl_certfile'],
      help: 'PEM file of our certificate, where brokers ask for one.',
    },
    {
      name: 'ssl_key_file',
      type: 'string',
      default: null,
      aliases: ['oslo_messaging_rabbit.kombu_ssl_keyfile', 'DEFAULT.kombu_ssl_keyfile'],
      help: 'PEM file of the key that belongs to it.',
    },
    {
      name: 'ssl_version',
      type: 'string',
      default: null,
      aliases: ['oslo_messaging_rabbit.kombu_ssl_version', 'DEFAULT.kombu_ssl_version'],
      help: 'Accepted and ignored: the newest version that both sides know is used.',
    },
    {
      name: 'heartbeat_timeout_threshold',
      type: 'integer',
      default: '60',
      min: 0,
      help: 'Seconds of silence after which a connection is taken for dead; 0: never.',
    },
    {
      name: 'rabbit_qos_prefetch_count',
      type: 'integer',
      default: '100',
      min: 1,
      help: "Messages taken off a queue and not yet acknowledged. Each of a burst's waits for one commit: fewer make smaller commits.",
    },
    {
      name: 'rabbit_transient_queues_ttl',
      type: 'integer',
      default: '1800',
      min: 0,
      help: 'Seconds after which the broker drops the fanout queue of a process that went away; from Mitaka on the value of the parent.',
    },
  ],
};

/** The sections we share with nova, under nova's names (Grizzly to Rocky). */
export const novaGroups: readonly OptionGroup[] = [DEFAULT, DATABASE, API_DATABASE, CELLS, RABBIT, GLANCE, CINDER, NEUTRON];
