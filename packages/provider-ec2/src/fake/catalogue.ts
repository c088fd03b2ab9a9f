import type { Ec2InstanceType } from '../ports/ec2-api.js';

type Row = readonly [instanceType: string, vcpus: number, memoryMb: number, traits?: Partial<Ec2InstanceType>];

const arm: Partial<Ec2InstanceType> = { architectures: ['arm64'] };
const burstable: Partial<Ec2InstanceType> = { burstable: true };

/** Sizes as AWS publishes them (Amazon EC2 Instance Types). m3 stands for a generation that is past. */
const ROWS: readonly Row[] = [
  ['t2.micro', 1, 1024, { burstable: true, architectures: ['i386', 'x86_64'] }],
  ['t3.nano', 2, 512, burstable],
  ['t3.micro', 2, 1024, burstable],
  ['t3.small', 2, 2048, burstable],
  ['t3.medium', 2, 4096, burstable],
  ['t3.large', 2, 8192, burstable],
  ['t3.xlarge', 4, 16384, burstable],
  ['t3.2xlarge', 8, 32768, burstable],
  ['t4g.micro', 2, 1024, { ...arm, burstable: true }],
  ['t4g.small', 2, 2048, { ...arm, burstable: true }],
  ['t4g.medium', 2, 4096, { ...arm, burstable: true }],
  ['m3.medium', 1, 3840, { currentGeneration: false }],
  ['m5.large', 2, 8192],
  ['m5.xlarge', 4, 16384],
  ['m5.2xlarge', 8, 32768],
  ['m5.4xlarge', 16, 65536],
  ['m5.metal', 96, 393216, { bareMetal: true, hibernationSupported: false }],
  ['m6g.medium', 1, 4096, arm],
  ['m6g.large', 2, 8192, arm],
  ['m6g.xlarge', 4, 16384, arm],
  ['c5.large', 2, 4096],
  ['c5.xlarge', 4, 8192],
  ['c5.2xlarge', 8, 16384],
  ['c5.4xlarge', 16, 32768],
  ['r5.large', 2, 16384],
  ['r5.xlarge', 4, 32768],
  ['r5.2xlarge', 8, 65536],
  ['g4dn.xlarge', 4, 16384, { gpus: 1, hibernationSupported: false }],
];

/** Roughly AWS's ("Maximum IP addresses per network interface"). */
function maxInterfaces(vcpus: number): number {
  if (vcpus <= 2) return 3;
  return vcpus <= 8 ? 4 : 8;
}

/** Some thirty real instance types: small enough to read, wide enough to choose from. */
export const catalogue: readonly Ec2InstanceType[] = ROWS.map(([instanceType, vcpus, memoryMb, traits]) => ({
  instanceType,
  vcpus,
  memoryMb,
  architectures: ['x86_64'],
  gpus: 0,
  bareMetal: false,
  currentGeneration: true,
  burstable: false,
  hibernationSupported: true,
  usageClasses: ['on-demand', 'spot'],
  enaSupport: /^(t2|m3)/.test(instanceType) ? 'unsupported' : 'required',
  maxInterfaces: maxInterfaces(vcpus),
  virtualizationTypes: instanceType.startsWith('m3') ? ['hvm', 'paravirtual'] : ['hvm'],
  ...traits,
}));
