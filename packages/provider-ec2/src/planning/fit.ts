import type { Ec2InstanceType, Ec2Market } from '../ports/ec2-api.js';

/** What a type must bring for a request. */
export interface Need {
  readonly vcpus: number;
  readonly memoryMb: number;
  readonly gpus: number;
  /** Network interfaces. */
  readonly interfaces: number;
  readonly architecture: string;
  readonly market: Ec2Market;
  readonly burstable: boolean;
  /** It must be able to hibernate, with at most so much memory; null: it need not. */
  readonly hibernatesUpToMb: number | null;
}

export interface FitRule {
  /** Why a type that does not pass was passed over, for people. */
  readonly why: string;
  readonly passes: (type: Ec2InstanceType, need: Need) => boolean;
}

interface HibernationRule {
  readonly why: string;
  readonly passes: (type: Ec2InstanceType, need: Pick<Need, 'hibernatesUpToMb'>) => boolean;
}

/** Families for a trade of their own: taken only when named. */
const SPECIAL_FAMILIES = /^(hpc|mac|u|u-\w+|vt|dl|inf|trn|f|p)\d/;

/** Looked at for named types too, which are otherwise taken as they are. */
const HIBERNATION_RULES: readonly HibernationRule[] = [
  { why: 'cannot hibernate', passes: (type, need) => need.hibernatesUpToMb === null || type.hibernationSupported },
  {
    why: 'more memory than EC2 can hibernate',
    passes: (type, need) => need.hibernatesUpToMb === null || type.memoryMb <= need.hibernatesUpToMb,
  },
];

/** In this order, so that the reason given is the most telling one. */
export const FIT_RULES: readonly FitRule[] = [
  { why: 'another architecture than the image', passes: (type, need) => type.architectures.includes(need.architecture) },
  { why: 'too few vCPUs', passes: (type, need) => type.vcpus >= need.vcpus },
  { why: 'too little memory', passes: (type, need) => type.memoryMb >= need.memoryMb },
  ...HIBERNATION_RULES,
  { why: 'too few GPUs', passes: (type, need) => type.gpus >= need.gpus },
  { why: 'has GPUs that nobody asked for', passes: (type, need) => need.gpus > 0 || type.gpus === 0 },
  {
    why: 'too few network interfaces',
    passes: (type, need) => type.maxInterfaces === undefined || type.maxInterfaces >= need.interfaces,
  },
  { why: 'bare metal', passes: (type) => !type.bareMetal },
  { why: 'a former generation', passes: (type) => type.currentGeneration },
  { why: 'burstable', passes: (type, need) => need.burstable || !type.burstable },
  { why: 'not sold in this market', passes: (type, need) => type.usageClasses.includes(need.market) },
  {
    why: 'made for a special trade',
    passes: (type, need) => (type.accelerators ?? 0) === 0 && (need.gpus > 0 || !SPECIAL_FAMILIES.test(type.instanceType)),
  },
];

/** The first rule that a type breaks; undefined = it fits. */
export function brokenRule(type: Ec2InstanceType, need: Need): FitRule | undefined {
  return FIT_RULES.find((rule) => !rule.passes(type, need));
}

/** The same for a type that is only asked whether it can hibernate. */
export function brokenHibernationRule(type: Ec2InstanceType, hibernatesUpToMb: number): HibernationRule | undefined {
  return HIBERNATION_RULES.find((rule) => !rule.passes(type, { hibernatesUpToMb }));
}
