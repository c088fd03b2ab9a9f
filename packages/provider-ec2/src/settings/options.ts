import { CONNECT_TIMEOUT_MS, REFUSAL_MEMORY_MS, REQUEST_TIMEOUT_MS } from '../timings.js';

/** How an option's text is read. `list`: a,b — `map`: name:value,name:value — `lists`: name:a|b,name:c — `secret`: never shown. */
export type Ec2OptionType = 'string' | 'secret' | 'boolean' | 'integer' | 'list' | 'map' | 'lists';

export interface Ec2Option {
  readonly name: string;
  readonly type: Ec2OptionType;
  /** As it would stand in the file; null = not set. */
  readonly default: string | null;
  readonly help: string;
  readonly choices?: readonly string[];
  readonly min?: number;
}

const seconds = (ms: number) => String(ms / 1000);

const CREDENTIALS: readonly Ec2Option[] = [
  { name: 'region', type: 'string', default: null, help: 'AWS region of this cell, for example eu-central-1. Required.' },
  {
    name: 'endpoint_url',
    type: 'string',
    default: null,
    help: "URL of an EC2-compatible endpoint. Default: AWS's own of the region.",
  },
  {
    name: 'events_queue_url',
    type: 'string',
    default: null,
    help: "URL of the SQS queue that receives EC2's events, as deploy/aws/events.yaml makes it: what is done to a server outside of nova then shows within seconds, and spot servers show EC2's warning. One queue for each cell. Not set: sweeps find it.",
  },
  {
    name: 'profile',
    type: 'string',
    default: null,
    help: "Profile of the AWS configuration files to take credentials from. Without it and without keys, the AWS SDK's default chain decides (environment, files, container, instance role).",
  },
  {
    name: 'access_key_id',
    type: 'secret',
    default: null,
    help: 'Access key, where neither a role nor a profile is at hand. Needs secret_access_key.',
  },
  { name: 'secret_access_key', type: 'secret', default: null, help: 'The secret that belongs to access_key_id.' },
  { name: 'session_token', type: 'secret', default: null, help: 'Session token of temporary keys.' },
  {
    name: 'role_arn',
    type: 'string',
    default: null,
    help: 'Role to act as in every call, for example arn:aws:iam::123456789012:role/burstcell. The credentials above are used only to assume it.',
  },
  { name: 'external_id', type: 'secret', default: null, help: 'External id that the trust policy of role_arn asks for.' },
  {
    name: 'accounts_file',
    type: 'string',
    default: null,
    help: 'JSON file of further AWS accounts and the projects whose servers go there: [{"projects": ["PROJECT_ID"], "role_arn": "arn:…", "subnets": {"eu-central-1a": ["subnet-1"]}}]. All other projects use this section\'s account. An account is removed only when its machines are gone; until then leave its list of projects empty.',
  },
  {
    name: 'sts_endpoint_url',
    type: 'string',
    default: null,
    help: "URL of an STS-compatible endpoint, where roles are assumed. Default: AWS's own of the region.",
  },
  {
    name: 'connect_timeout',
    type: 'integer',
    default: seconds(CONNECT_TIMEOUT_MS),
    min: 1,
    help: 'Seconds to wait for a connection to EC2.',
  },
  {
    name: 'request_timeout',
    type: 'integer',
    default: seconds(REQUEST_TIMEOUT_MS),
    min: 1,
    help: 'Seconds to wait for an answer of EC2.',
  },
];

const PLACES: readonly Ec2Option[] = [
  {
    name: 'zones',
    type: 'list',
    default: '',
    help: 'Availability zones to use; each is one compute host to the parent. Empty: every zone of the region that has a subnet.',
  },
  {
    name: 'subnets',
    type: 'lists',
    default: '',
    help: "Subnets by zone: eu-central-1a:subnet-1|subnet-2,eu-central-1b:subnet-3. Empty: the default VPC's subnet of each zone.",
  },
  {
    name: 'network_label',
    type: 'string',
    default: 'ec2',
    help: 'What users see as the network of their servers in `nova list`.',
  },
  {
    name: 'security_group_ids',
    type: 'list',
    default: '',
    help: "Security groups that every server gets. Empty: the VPC's default group, unless security_group_map adds some.",
  },
  {
    name: 'security_group_map',
    type: 'lists',
    default: '',
    help: "Security groups by the name of nova's: web:sg-1|sg-2,db:sg-3. Names that are not listed add none, unless security_group_names finds them or [neutron] is followed. Where it is, ids of nova's groups may be listed too.",
  },
  {
    name: 'security_group_names',
    type: 'string',
    default: null,
    help: "What EC2's group is called for one of nova's that security_group_map does not list, for example {project_id}-{name}. Words: {project_id} {name}. Servers are refused groups that EC2 does not have, but for nova's default. Groups and rules are yours: none is made or changed. Not used where [neutron] is followed. Not set: groups are not looked up.",
  },
  {
    name: 'network_map',
    type: 'lists',
    default: '',
    help: "Subnets by id of the parent's network, of all zones: 5f0c-…:subnet-1|subnet-2. Each network of a server becomes an interface, and networks that are not listed are refused. Empty: one interface in a subnet of its zone, whatever network was asked for.",
  },
  {
    name: 'public_address',
    type: 'string',
    default: 'subnet',
    choices: ['subnet', 'always', 'never'],
    help: 'Whether servers get a public IPv4 address, which AWS charges for: as their subnet is set up, always or never. EC2 gives none to servers with several interfaces. It is another after each stop; elastic_address gives one that stays.',
  },
  {
    name: 'elastic_address',
    type: 'string',
    default: 'never',
    choices: ['never', 'on-request', 'always'],
    help: "Which new servers get an elastic IP address, which is theirs, stopped too, until they end or are shelved, and which AWS charges for: none, those with the metadata elastic_address=true at `nova boot`, or all. An account has five in a region unless AWS allows it more. The address is on the server's first network, which must reach the internet. A build that gets none fails.",
  },
  {
    name: 'elastic_address_pool',
    type: 'list',
    default: '',
    help: 'Elastic IP addresses of yours to use before any is taken, as eipalloc-…: the first that is free; they stay yours and are never released. One ipv4pool-ec2-… among them is the pool of your own addresses from which others are taken. To the policy in deploy/iam, an address of yours must carry a tag burstcell:cell.',
  },
  {
    name: 'placement_group_map',
    type: 'map',
    default: '',
    help: "Placement groups by id of nova's server group: 1c2d-…:spread-1. Server groups that are not listed have no effect.",
  },
];

const SIZES: readonly Ec2Option[] = [
  {
    name: 'instance_type_map',
    type: 'lists',
    default: '',
    help: 'Instance types by name or flavorid of a flavor, best first: m1.small:t3.small|t3a.small. Flavors that are not listed get the nearest fit of the catalogue.',
  },
  {
    name: 'preferred_families',
    type: 'list',
    default: 't3,m5,c5,r5,t3a,m5a,c5a,r5a,m6i,c6i,r6i,t4g,m6g,c6g,r6g',
    help: 'Families to take first among types that cost about the same.',
  },
  { name: 'burstable', type: 'boolean', default: 'true', help: 'Whether the nearest fit may be a burstable type (T families).' },
  {
    name: 'gpu_aliases',
    type: 'list',
    default: 'gpu',
    help: 'PCI aliases of nova that mean a GPU (extra spec pci_passthrough:alias). Flavors with devices of another alias are refused, unless they name their instance types.',
  },
  {
    name: 'max_candidates',
    type: 'integer',
    default: '5',
    min: 1,
    help: 'Instance types tried for one server before it fails for want of room.',
  },
  {
    name: 'market',
    type: 'string',
    default: 'on-demand',
    choices: ['on-demand', 'spot'],
    help: 'Market of servers that do not ask for one with --hint market=….',
  },
  {
    name: 'max_launch_size',
    type: 'integer',
    default: '50',
    min: 1,
    help: 'Most servers of one shape launched by one RunInstances. EC2 starts as many of them as it has room for.',
  },
  {
    name: 'refusal_memory',
    type: 'integer',
    default: seconds(REFUSAL_MEMORY_MS),
    min: 1,
    help: 'Seconds for which a type, zone or quota that EC2 refused is passed over and reported as full.',
  },
  {
    name: 'price_file',
    type: 'string',
    default: null,
    help: 'File with prices of your own in US dollars an hour, as JSON: {"m5.large": {"on-demand": 0.115, "spot": 0.04}}. They order instance types before any other price. Read at the start.',
  },
  {
    name: 'live_prices',
    type: 'boolean',
    default: 'false',
    help: "Whether AWS's price list (Linux, on demand) orders instance types; read once a day, and until then estimates do. Needs the right pricing:GetProducts.",
  },
  {
    name: 'spot_prices',
    type: 'boolean',
    default: 'false',
    help: 'Whether the spot prices of the moment (Linux) order instance types for the spot market.',
  },
];

const IMAGES: readonly Ec2Option[] = [
  {
    name: 'image_map',
    type: 'map',
    default: '',
    help: "AMIs by id or name of the parent's image; an AMI is given by id, or by name (the newest of the account or Amazon): 70f0…:ami-1,cirros:ami-2.",
  },
  {
    name: 'image_properties',
    type: 'list',
    default: 'ec2_ami,aws_image_id',
    help: 'Image properties that may name the AMI. Users can set properties of their own images, so leave it empty if they must not choose AMIs.',
  },
  {
    name: 'default_ami',
    type: 'string',
    default: null,
    help: 'AMI (id or name) for images that are mapped nowhere. Without it such boots are refused.',
  },
  {
    name: 'import_bucket',
    type: 'string',
    default: null,
    help: "S3 bucket of the region through which images that are mapped nowhere are imported, once for each checksum: raw, VHD, VMDK, and qcow2 where qemu-img is installed and there is room in the folder for temporary files. Needs [glance] with a user of the cell's own, AWS's role vmimport, no default_ami, and an import_deadline_s of [burst] that an import fits into. Rebuilds and rescues wait for it as boots do. Not set: they are refused.",
  },
  {
    name: 'volume_boot_ami',
    type: 'map',
    default: '',
    help: "AMI that servers are launched from to boot from a volume, for EC2 launches from AMIs only: it runs for a moment, without the user's data, then the volume takes the place of its disk. One AMI id, or one for each architecture: x86_64:ami-1,arm64:ami-2. Small and quick to boot, and with the boot mode that the volumes have. An AMI that the volume's own image names (image_properties) comes first, then this, then default_ami. Without any such boots are refused.",
  },
  { name: 'root_volume_type', type: 'string', default: 'gp3', help: 'EBS volume type of root disks.' },
  { name: 'encrypted', type: 'boolean', default: 'true', help: 'Whether root disks are encrypted.' },
  {
    name: 'snapshot_reboot',
    type: 'boolean',
    default: 'false',
    help: 'Whether a running server is rebooted for `nova image-create`, so that all it has in memory is on disk first. Otherwise the image is like one after a power cut.',
  },
  {
    name: 'rescue_ami',
    type: 'string',
    default: null,
    help: "AMI id of the system that `nova rescue` boots unless an image is named. Default: the server's own image. Its architecture must be the server's.",
  },
];

const GUESTS: readonly Ec2Option[] = [
  {
    name: 'key_pair_map',
    type: 'map',
    default: '',
    help: "EC2 key pairs by the name of nova's, for servers whose public key does not come along: ops:ops-2024.",
  },
  {
    name: 'guest_metadata',
    type: 'string',
    default: 'config-drive',
    choices: ['config-drive', 'always', 'never'],
    help: "Which servers find nova's metadata in a file, written by cloud-init: those that ask for a config drive, all or none. It names one server, so such servers are launched one by one.",
  },
  {
    name: 'config_drive_path',
    type: 'string',
    default: '/mnt/config',
    help: 'Where that file is: what a config drive holds, below this folder.',
  },
  {
    name: 'swap',
    type: 'string',
    default: 'file',
    choices: ['file', 'none'],
    help: 'What becomes of the swap of a flavor: a file on the root disk, which is made as much larger, by cloud-init at the first boot; or nothing. Windows gets none, and neither does a server whose user data cloud-init would not merge. A resize to a flavor with another swap does not change it.',
  },
  {
    name: 'imds_v2',
    type: 'boolean',
    default: 'true',
    help: 'Whether the metadata service answers version 2 (session tokens) only.',
  },
  { name: 'iam_instance_profile', type: 'string', default: null, help: 'Name of the instance profile that every server gets.' },
  {
    name: 'tags',
    type: 'map',
    default: 'Name:{display_name},openstack-project:{project_id}',
    help: 'Tags for servers, their disks and interfaces. Words: {display_name} {hostname} {uuid} {project_id} {user_id} {flavor}. Tags with one of the first three are left out where several servers share a launch. Keys must not begin with aws: or burstcell:.',
  },
  {
    name: 'metadata_tag_prefix',
    type: 'string',
    default: 'metadata:',
    help: "What tags made of a server's metadata begin with, so that users cannot overwrite others. Empty: metadata is not tagged.",
  },
  {
    name: 'metrics',
    type: 'string',
    default: 'none',
    choices: ['none', 'cloudwatch'],
    help: "Where load and traffic for `nova diagnostics` and nova's bandwidth usage come from. CloudWatch charges for each metric asked for: bandwidth asks for two of every server every ten minutes, some 8,600 a month. Its endpoint is AWS's own of the region, whatever endpoint_url says, unless the environment sets AWS_ENDPOINT_URL_CLOUDWATCH.",
  },
  {
    name: 'set_password',
    type: 'string',
    default: 'none',
    choices: ['none', 'ssm'],
    help: "How `nova set-password` reaches the guest: by Systems Manager's Run Command, which needs its agent in the image and an instance profile with AmazonSSMManagedInstanceCore (iam_instance_profile). It sets root's password on Linux, as a salted SHA-512 hash, and the Administrator's on Windows, encrypted with a key that the guest makes for it; these stay in the account's command history for 30 days, the password does not. The endpoint is AWS's own, unless the environment sets AWS_ENDPOINT_URL_SSM.",
  },
  {
    name: 'lock_protects',
    type: 'boolean',
    default: 'false',
    help: 'Whether `nova lock` also protects the server against termination from outside of nova. A delete that nova allows lifts that first. Spot servers cannot be protected.',
  },
];

const CONSOLES: readonly Ec2Option[] = [
  {
    name: 'serial_console',
    type: 'boolean',
    default: 'false',
    help: "Whether `nova get-serial-console` opens EC2's serial console, by the gateway of `[console]`. The account must allow it (EnableSerialConsoleAccess), and the server's type be one of Nitro's. Whoever may ask for the console of a server can then log in there with a password of the guest.",
  },
  {
    name: 'serial_console_endpoint',
    type: 'string',
    default: null,
    help: "Host, or host:port, of the region's serial consoles. Default: what AWS publishes for it.",
  },
  {
    name: 'serial_console_fingerprints',
    type: 'list',
    default: '',
    help: 'Host keys of that endpoint, SHA256:…; a host with another key is not spoken to. Empty: the one that AWS publishes for the region. Needed for regions that are newer than this version.',
  },
];

/** Every option of the `[ec2]` section; the reference documentation is made of this. */
export const ec2Options: readonly Ec2Option[] = [...CREDENTIALS, ...PLACES, ...SIZES, ...IMAGES, ...GUESTS, ...CONSOLES];
