import type { LaunchRequest } from '@burstcell/provider';
import type { Ec2Tags } from '../ports/ec2-api.js';

/** Tags that say whose a machine is. They ride inside the launch, so no machine is ever without them. */
export const TAG = {
  cell: 'burstcell:cell',
  incarnation: 'burstcell:incarnation',
  /** nova's uuid; only on machines launched alone, since a launch has one set of tags. */
  uuid: 'burstcell:uuid',
  launch: 'burstcell:launch',
  /** On machines that were taken in, not launched. */
  adopted: 'burstcell:adopted',
} as const;

/**
 * What verbs of several steps note down at EC2 before they act, so that any replica can go on. On instances,
 * but for `rescueOf` and `standIn` (on volumes), `addressOf` (on addresses), `rootTask` (on root volume replacements) and `snapshot`
 * and `import` (on images).
 */
export const STEP_TAG = {
  /** The type that a resize comes from. */
  resizeFrom: 'burstcell:resize-from',
  /** The rebuild under way of a machine that is to be stopped again. */
  rebuild: 'burstcell:rebuild',
  /** The rescue under way or done, the machine's own root volume and the machine; on that volume too. */
  rescue: 'burstcell:rescue',
  /** On the root volume of a rescue system: the machine it was made for. */
  rescueOf: 'burstcell:rescue-of',
  /** The volume that the machine boots from, and the disk it was launched with. Stays: it says that the disk is nobody's to replace. */
  volumeRoot: 'burstcell:volume-root',
  /** On the disk that a machine was launched with, to boot from a volume: the machine. */
  standIn: 'burstcell:stand-in',
  rootTask: 'burstcell:root-task',
  snapshot: 'burstcell:snapshot',
  /** On imported images and the tasks that import them: what their data is. */
  import: 'burstcell:import',
  /** The last fixed address asked for: token, interface and how many it had before. */
  fixedIp: 'burstcell:fixed-ip',
  /** On elastic addresses: the machine it was taken for. */
  addressOf: 'burstcell:address-of',
} as const;

/** On imported images and the tasks that import them: format, checksum and size of the data. Never on machines. */
export const IMPORT_OF_TAG = 'burstcell:import-of';

/** AWS: "Tag your Amazon EC2 resources", restrictions; lengths are in UTF-16 units here, never longer than AWS's. */
export const MAX_TAGS = 50;
export const MAX_KEY = 128;
export const MAX_VALUE = 256;

export interface Owner {
  readonly cellName: string;
  readonly incarnation: string;
}

export function ownershipTags(owner: Owner, launchToken: string, members: readonly string[]): Ec2Tags {
  const [only, second] = members;
  return {
    [TAG.cell]: owner.cellName.slice(0, MAX_VALUE),
    [TAG.incarnation]: owner.incarnation.slice(0, MAX_VALUE),
    [TAG.launch]: launchToken,
    ...(only !== undefined && second === undefined ? { [TAG.uuid]: only } : {}),
  };
}

export function adoptionTags(owner: Owner, uuid: string): Ec2Tags {
  return {
    [TAG.cell]: owner.cellName.slice(0, MAX_VALUE),
    [TAG.incarnation]: owner.incarnation.slice(0, MAX_VALUE),
    [TAG.uuid]: uuid,
    [TAG.adopted]: 'true',
  };
}

export function isOwned(owner: Owner, tags: Ec2Tags): boolean {
  const { [TAG.cell]: cell, [TAG.incarnation]: incarnation } = tags;
  return cell === owner.cellName.slice(0, MAX_VALUE) && incarnation === owner.incarnation.slice(0, MAX_VALUE);
}

/** Filter for DescribeInstances: machines of this cell and incarnation. */
export function ownershipFilter(owner: Owner): Readonly<Record<string, readonly string[]>> {
  return {
    [`tag:${TAG.cell}`]: [owner.cellName.slice(0, MAX_VALUE)],
    [`tag:${TAG.incarnation}`]: [owner.incarnation.slice(0, MAX_VALUE)],
  };
}

/** Our own tags find room on every machine, whatever templates and metadata say. */
export const RESERVED_TAGS = Object.keys(TAG).length + Object.keys(STEP_TAG).length;

/** Tags for a volume or image of this machine: whose it is, and what the operator's template says of the machine. */
export function inheritedTags(tags: Ec2Tags): Ec2Tags {
  const steps: readonly string[] = Object.values(STEP_TAG);
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !/^aws:/i.test(key) && !steps.includes(key)));
}

/** Words that a tag template may use, and what they stand for. */
export const TEMPLATE_WORDS = {
  display_name: (request: LaunchRequest) => request.displayName,
  hostname: (request: LaunchRequest) => request.hostname,
  uuid: (request: LaunchRequest) => request.uuid,
  project_id: (request: LaunchRequest) => request.projectId,
  user_id: (request: LaunchRequest) => request.userId,
  flavor: (request: LaunchRequest) => request.flavor.name,
} as const satisfies Record<string, (request: LaunchRequest) => string>;

/** Values that differ between the members of one launch. */
const OWN_WORDS = ['display_name', 'hostname', 'uuid'];

export interface RenderedTags {
  /** The same for every member that may share a launch: part of its shape. */
  readonly shared: Ec2Tags;
  /** About this one machine; set only when it is launched alone. */
  readonly own: Ec2Tags;
}

/** Fills the operator's templates. Keys under `aws:` and `burstcell:` are left out, as is all that exceeds AWS's limits. */
export function templateTags(templates: Readonly<Record<string, string>>, request: LaunchRequest): RenderedTags {
  const shared: Record<string, string> = {};
  const own: Record<string, string> = {};
  const room = MAX_TAGS - RESERVED_TAGS;

  for (const [key, template] of Object.entries(templates).slice(0, room)) {
    if (isReserved(key)) continue;
    const isOwn = OWN_WORDS.some((word) => template.includes(`{${word}}`));
    const value = render(template, request);
    if (value !== '') (isOwn ? own : shared)[key] = value;
  }
  return { shared, own };
}

export function isReserved(key: string): boolean {
  return key.length > MAX_KEY || /^(aws|burstcell):/i.test(key);
}

function render(template: string, request: LaunchRequest): string {
  const text = template.replaceAll(/\{(\w+)\}/g, (whole, word: string) =>
    Object.hasOwn(TEMPLATE_WORDS, word) ? TEMPLATE_WORDS[word as keyof typeof TEMPLATE_WORDS](request) : whole,
  );
  return cut(text, MAX_VALUE);
}

/** Never splits a surrogate pair, which AWS would refuse as malformed. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const short = text.slice(0, length);
  return /[\uD800-\uDBFF]$/.test(short) ? short.slice(0, -1) : short;
}
